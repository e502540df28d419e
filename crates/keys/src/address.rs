//! Which addresses are public, and what the others are.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is when it is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Stands for no address or for this network (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2).
    Unspecified,
    /// This machine.
    Loopback,
    /// A private network (RFC 1918).
    Private,
    /// A private network (RFC 4193, and the site-local addresses before it).
    UniqueLocal,
    /// The same link; clouds keep their credentials there (RFC 3927, RFC 4291 §2.5.6).
    LinkLocal,
    /// Behind a carrier's translation (RFC 6598).
    Shared,
    /// Many receivers.
    Multicast,
    /// For examples (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// For measurements (RFC 2544, RFC 5180).
    Benchmarking,
    /// An IPv4 address that is written as an IPv6 one (RFC 4291 §2.5.5).
    Mapped,
    /// A translation or a tunnel to an address that is not public or cannot be known
    /// (NAT64, 6to4, Teredo).
    Translated,
    /// Assigned to a protocol, reserved, or not assigned to anybody.
    Reserved,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::UniqueLocal => "unique-local",
            Self::LinkLocal => "link-local",
            Self::Shared => "shared (carrier-grade NAT)",
            Self::Multicast => "multicast",
            Self::Documentation => "documentation",
            Self::Benchmarking => "benchmarking",
            Self::Mapped => "IPv4-mapped",
            Self::Translated => "translated",
            Self::Reserved => "reserved",
        })
    }
}

/// What an address is if it is not public: the special-purpose registries of IANA (RFC 6890).
pub fn special(address: IpAddr) -> Option<Kind> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

/// Network, length of its prefix, kind.
const V4: &[([u8; 4], u32, Kind)] = &[
    ([0, 0, 0, 0], 8, Kind::Unspecified),
    ([10, 0, 0, 0], 8, Kind::Private),
    ([100, 64, 0, 0], 10, Kind::Shared),
    ([127, 0, 0, 0], 8, Kind::Loopback),
    ([169, 254, 0, 0], 16, Kind::LinkLocal),
    ([172, 16, 0, 0], 12, Kind::Private),
    ([192, 0, 0, 0], 24, Kind::Reserved),
    ([192, 0, 2, 0], 24, Kind::Documentation),
    ([192, 88, 99, 0], 24, Kind::Translated),
    ([192, 168, 0, 0], 16, Kind::Private),
    ([198, 18, 0, 0], 15, Kind::Benchmarking),
    ([198, 51, 100, 0], 24, Kind::Documentation),
    ([203, 0, 113, 0], 24, Kind::Documentation),
    ([224, 0, 0, 0], 4, Kind::Multicast),
    ([240, 0, 0, 0], 4, Kind::Reserved),
];

/// The same for IPv6, the first that fits; only what remains of `2000::/3` is public.
const V6: &[([u16; 8], u32, Kind)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, Kind::Unspecified),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, Kind::Loopback),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, Kind::Mapped),
    ([0, 0, 0, 0, 0, 0, 0, 0], 96, Kind::Mapped),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, Kind::Translated),
    ([0x2001, 2, 0, 0, 0, 0, 0, 0], 48, Kind::Benchmarking),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, Kind::Translated),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Kind::Reserved),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, Kind::Documentation),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, Kind::Translated),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Kind::Documentation),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, Kind::UniqueLocal),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Kind::LinkLocal),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, Kind::UniqueLocal),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, Kind::Multicast),
];

fn special_v4(address: Ipv4Addr) -> Option<Kind> {
    let bits = address.to_bits();
    let within = |network: &[u8; 4], length: u32| {
        (bits ^ u32::from_be_bytes(*network)).leading_zeros() >= length
    };
    let row = V4
        .iter()
        .find(|(network, length, _)| within(network, *length));
    row.map(|(_, _, kind)| *kind)
}

fn special_v6(address: Ipv6Addr) -> Option<Kind> {
    let bits = address.to_bits();
    let within = |network: &[u16; 8], length: u32| {
        (bits ^ Ipv6Addr::from(*network).to_bits()).leading_zeros() >= length
    };
    // NAT64 (RFC 6052) leads to the IPv4 address at its end; networks without IPv4 reach all of the
    // public ones so.
    if within(&[0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96) {
        let [.., a, b, c, d] = address.octets();
        return special_v4(Ipv4Addr::new(a, b, c, d)).map(|_| Kind::Translated);
    }
    let row = V6
        .iter()
        .find(|(network, length, _)| within(network, *length));
    match row {
        Some((_, _, kind)) => Some(*kind),
        None if within(&[0x2000, 0, 0, 0, 0, 0, 0, 0], 3) => None,
        None => Some(Kind::Reserved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(address: &str) -> Option<Kind> {
        special(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_nothing_special() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2400:cb00::1",
            "3ffe::1",
            "64:ff9b::808:808",
        ] {
            assert_eq!(kind(address), None, "{address}");
        }
    }

    #[test]
    fn each_kind_is_recognised_to_its_edges() {
        for (wanted, addresses) in [
            (Kind::Unspecified, &["0.0.0.0", "0.255.255.255", "::"][..]),
            (Kind::Loopback, &["127.0.0.1", "127.255.255.255", "::1"]),
            (
                Kind::Private,
                &[
                    "10.0.0.0",
                    "10.255.255.255",
                    "172.16.0.0",
                    "172.31.255.255",
                    "192.168.0.0",
                    "192.168.255.255",
                ],
            ),
            (Kind::UniqueLocal, &["fc00::", "fdff:ffff::1", "fec0::1"]),
            (
                Kind::LinkLocal,
                &["169.254.0.0", "169.254.169.254", "fe80::1", "febf::1"],
            ),
            (Kind::Shared, &["100.64.0.0", "100.127.255.255"]),
            (
                Kind::Multicast,
                &["224.0.0.1", "239.255.255.255", "ff02::1"],
            ),
            (
                Kind::Documentation,
                &[
                    "192.0.2.1",
                    "198.51.100.1",
                    "203.0.113.1",
                    "2001:db8::1",
                    "3fff::1",
                ],
            ),
            (
                Kind::Benchmarking,
                &["198.18.0.0", "198.19.255.255", "2001:2::1"],
            ),
            (
                Kind::Mapped,
                &[
                    "::ffff:127.0.0.1",
                    "::ffff:8.8.8.8",
                    "::7f00:1",
                    "::8.8.8.8",
                ],
            ),
            (
                Kind::Translated,
                &[
                    "64:ff9b::7f00:1",
                    "64:ff9b::a9fe:a9fe",
                    "64:ff9b:1::808:808",
                    "2002:7f00:1::",
                    "2001::1",
                    "192.88.99.1",
                ],
            ),
            (
                Kind::Reserved,
                &[
                    "192.0.0.1",
                    "240.0.0.1",
                    "255.255.255.255",
                    "100::1",
                    "5f00::1",
                    "2001:1ff::1",
                    "4000::1",
                    "e000::1",
                ],
            ),
        ] {
            for address in addresses {
                assert_eq!(kind(address), Some(wanted), "{address}");
            }
        }
    }
}
