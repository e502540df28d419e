use core::fmt;
use core::str::FromStr;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::{Invalid, from_text};

/// The name of a host, in lower case and without a port: `localhost`, `keys.example.com`, or an
/// address as a URL writes it without brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostName(String);

/// A network: `10.1.0.0/16`, `fd00::/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl HostName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Network {
    /// Whether an address is of it.
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl FromStr for HostName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid(
            "the name of a host without scheme, port or path, as `keys.example.com`; international \
             names in their `xn--` form",
        );
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(address.to_string()));
        }
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if text.len() > 253 || !text.split('.').all(is_label) {
            return Err(invalid);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl FromStr for Network {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let network = match text.parse::<IpAddr>() {
            Ok(address) => Some(IpNet::from(address)),
            Err(_) => text.parse().ok(),
        };
        network
            .map(Self)
            .ok_or(Invalid("a network, as `10.1.0.0/16` or `fd00::/8`"))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

from_text!(
    HostName,
    "^[0-9A-Za-z._:-]+$",
    "The name of a host, without scheme, port or path.",
    "keys.example.com"
);
from_text!(
    Network,
    "^[0-9A-Fa-f.:]+(/[0-9]+)?$",
    "A network in CIDR notation, or one address.",
    "10.1.0.0/16",
    "fd00::/8"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_hosts_alone() {
        for (text, name) in [
            ("localhost", "localhost"),
            ("Keys.Example.COM", "keys.example.com"),
            ("10.0.0.1", "10.0.0.1"),
            ("0:0::1", "::1"),
        ] {
            assert_eq!(text.parse::<HostName>().unwrap().as_str(), name);
        }
        for text in [
            "",
            "https://a.example",
            "a.example:443",
            "a.example/",
            "a b",
            "é.example",
            ".",
            "*.example",
        ] {
            assert!(text.parse::<HostName>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_network_contains_its_addresses() {
        let network: Network = "10.1.0.0/16".parse().unwrap();
        assert!(network.contains("10.1.255.1".parse().unwrap()));
        assert!(!network.contains("10.2.0.1".parse().unwrap()));
        let one: Network = "::1".parse().unwrap();
        assert!(one.contains("::1".parse().unwrap()));
        assert!(!one.contains("::2".parse().unwrap()));
        for text in ["", "10.0.0.0/33", "10.0.0", "localhost"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
