//! Who asks, as far as the network tells.

use core::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, header};
use jeton_settings::Network;
use jeton_store::{Act, Actor};

use crate::allowance::Allowance;
use crate::issuer::Issuer;
use crate::observe::{Address, peer};

/// Longest description of a device that is kept.
const MOST_DEVICE: usize = 256;
/// More hops than any real request has.
const MOST_HOPS: usize = 32;

/// Who asks, as far as the network tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// The network address; unknown on a local socket.
    pub(crate) address: Option<IpAddr>,
    /// What the request may still ask for.
    pub(crate) allowance: Allowance,
    /// What the browser or program calls itself.
    user_agent: Option<HeaderValue>,
}

impl Caller {
    /// The address that it counts under; those without one count together.
    pub(crate) fn network(&self) -> IpAddr {
        self.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// What the browser or program calls itself.
    pub(crate) fn device(&self) -> Option<String> {
        let text = self.user_agent.as_ref()?.to_str().ok()?.trim();
        let text: String = text.chars().take(MOST_DEVICE).collect();
        (!text.is_empty()).then_some(text)
    }

    /// The circumstances of a change that this caller asks for.
    pub(crate) fn act(&self, issuer: &Issuer, actor: Actor) -> Act {
        Act {
            address: self.address_text(),
            ..issuer.act(actor)
        }
    }

    /// The address as the store keeps it.
    pub(crate) fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    fn read(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[Network]) -> Self {
        Self {
            address: peer.map(|peer| origin(peer.to_canonical(), headers, trusted)),
            allowance: Allowance::default(),
            user_agent: headers.get(header::USER_AGENT).cloned(),
        }
    }
}

impl FromRequestParts<Arc<Issuer>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        issuer: &Arc<Issuer>,
    ) -> Result<Self, Infallible> {
        let peer = peer(&parts.extensions, &parts.headers);
        let trusted = &issuer.config.trusted_proxies;
        Ok(Self {
            allowance: parts.extensions.get().cloned().unwrap_or_default(),
            ..Self::read(peer, &parts.headers, trusted)
        })
    }
}

/// Finds the address of who asks, as everything in the service does: of the connection, or what a
/// proxy of these networks says it is.
pub fn address(trusted: Vec<Network>) -> Address {
    Box::new(move |extensions: &Extensions, headers: &HeaderMap| {
        let peer = peer(extensions, headers)?;
        Some(origin(peer.to_canonical(), headers, &trusted))
    })
}

/// Goes from the peer back along `X-Forwarded-For`, as long as each hop is a proxy that is
/// trusted; what stands left of the first that is not may be made up.
fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut origin = peer;
    if !is_trusted(origin) {
        return origin;
    }
    let lines = headers.get_all("x-forwarded-for").into_iter().rev();
    let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    for hop in hops.take(MOST_HOPS) {
        let Some(address) = hop_address(hop.trim()) else {
            return origin;
        };
        origin = address;
        if !is_trusted(origin) {
            return origin;
        }
    }
    origin
}

/// An address that some proxies write with its port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let address = hop.parse::<IpAddr>();
    let address = address.or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(line));
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let caller = Caller::read(Some(peer.parse().unwrap()), &headers, &trusted);
        caller.address_text().unwrap()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_client_made_up_does_not_count() {
        let made_up = ["203.0.113.9, 198.51.100.7", "10.0.0.2"];
        assert_eq!(seen("10.0.0.1", &made_up), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7, nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::1]:80"]), "2001:db8::1");
    }
}
