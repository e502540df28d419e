//! How much one may ask for, and how long one waits after wrong passwords.
//!
//! - [`Limiter`]: so many requests in so long, by account, client, family or address. Whoever
//!   answers has `Caller::spend` count the [`Use`]s that a request makes, in `allowance`, and
//!   answers 429 to what is one too many; the fields of all [`Decision`]s get onto the answer there.
//!   What counts as a failure is a secret that nobody was given: of a client, a code that there is
//!   not, a refresh token that this service did not make. Tokens that merely ended are none.
//! - [`Slowdown`]: growing waits after failed sign-ins. [`Slowdown::before`] the password is looked
//!   at; then exactly one of `failed`, `succeeded` or `withdrawn` (the hasher was busy, the store
//!   failed). Whoever leaves without any has failed.
//! - [`DeviceCookies`]: the cookie that tells a browser in which an account signed in before, so
//!   that other people's failures do not count there. Set it after every sign-in, and after a
//!   password was reset by mail.
//! - [`Refusals`]: which refused sign-ins are worth noting.
//!
//! All are memory of a fixed size, by keyed hashes of names; nothing is stored, and a restart
//! forgets. A server of several processes limits in each. The time is an argument and may jump:
//! backwards nobody waits longer than before, forwards everything is forgiven.
//!
//! IPv6 addresses count by their /64, which is what one subscriber has at least.

mod device;
mod limiter;
mod policy;
mod refusals;
mod slowdown;
mod table;

pub use device::{DeviceCookies, DeviceId};
pub use limiter::{Decision, Limiter, RATE_LIMIT, RATE_LIMIT_POLICY, Use, write_fields};
pub use policy::{Limits, Policy};
pub use refusals::Refusals;
pub use slowdown::{Admission, Attempt, Slowdown};

use std::net::IpAddr;

use jeton_jose::UnixTime;
use jeton_store::Sha256;

use table::Key;

/// Keys that a table remembers.
const ENTRIES: usize = 1 << 15;

/// Secret bytes that make keys unpredictable.
type Seed = [u8; 32];

/// The key of something that is told apart by these parts.
fn key(seed: &Seed, parts: &[&[u8]]) -> Key {
    let mut text = Vec::with_capacity(128);
    text.extend_from_slice(seed);
    for part in parts {
        text.extend_from_slice(&part.len().to_le_bytes());
        text.extend_from_slice(part);
    }
    let hash = Sha256::of(&text);
    Key(hash.as_bytes().first_chunk().copied().unwrap_or_default())
}

/// What an address counts as.
fn network(address: IpAddr) -> [u8; 8] {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            // No /64 of IPv6 that is in use begins with zeros.
            [0, 0, 0, 0, a, b, c, d]
        }
        IpAddr::V6(address) => address.octets().first_chunk().copied().unwrap_or_default(),
    }
}

/// Nanoseconds since 1970, until the year 2554.
fn nanoseconds(time: UnixTime) -> u64 {
    u64::try_from(time.seconds())
        .unwrap_or(0)
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(time.subsec_nanoseconds()))
}

fn nanoseconds_of(duration: core::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> [u8; 8] {
        network(address.parse().unwrap())
    }

    #[test]
    fn ipv6_counts_by_its_subnet() {
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1:2:3"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let seed = [0; 32];
        assert_ne!(key(&seed, &[b"ab", b"c"]), key(&seed, &[b"a", b"bc"]));
        assert_ne!(key(&seed, &[b"a"]), key(&[1; 32], &[b"a"]));
    }
}
