use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use jeton_store::{Act, Actor};

use crate::issuer::Issuer;

/// The other end of a connection, as whoever accepts connections puts it into a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Who calls, as far as a connection tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// From which address.
    pub(crate) address: Option<IpAddr>,
    /// What the browser or program calls itself.
    pub(crate) agent: Option<String>,
}

/// Longest name of a browser that is kept.
const MOST_AGENT: usize = 256;

impl Caller {
    /// The address that it counts under; those without one count together.
    pub(crate) fn network(&self) -> IpAddr {
        self.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// The circumstances of a change that this caller asks for.
    pub(crate) fn act(&self, issuer: &Issuer, actor: Actor) -> Act {
        Act {
            address: self.address.map(|address| address.to_string()),
            ..issuer.act(actor)
        }
    }
}

impl FromRequestParts<Arc<Issuer>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        issuer: &Arc<Issuer>,
    ) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let agent = parts.headers.get(header::USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok());
        Ok(Self {
            address: peer.map(|peer| behind_proxies(peer, parts, issuer)),
            agent: agent.map(|agent| agent.chars().take(MOST_AGENT).collect()),
        })
    }
}

/// The last address of `X-Forwarded-For` that no trusted proxy has: what stands before it was
/// written by whoever called.
fn behind_proxies(peer: IpAddr, parts: &Parts, issuer: &Issuer) -> IpAddr {
    let is_proxy = |address: &IpAddr| {
        let networks = &issuer.config.trusted_proxies;
        networks.iter().any(|network| network.contains(*address))
    };
    let lines = parts.headers.get_all("x-forwarded-for").iter().rev();
    let named = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    let mut address = peer;
    for name in named {
        if !is_proxy(&address) {
            break;
        }
        match name.trim().parse() {
            Ok(named) => address = named,
            Err(_) => break,
        }
    }
    address
}
