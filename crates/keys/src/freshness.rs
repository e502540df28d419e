//! How long an answer says that it is fresh (RFC 9111).

use core::time::Duration;

use http::{HeaderMap, header};

/// Longer is not told apart (RFC 9111 §1.2.2).
const LONGEST: u64 = 1 << 31;

/// What is left of the lifetime that an answer states, if it states one. `Expires` is not read.
pub(crate) fn fresh_for(headers: &HeaderMap) -> Option<Duration> {
    let lifetime = headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .filter_map(lifetime)
        .min()?;
    let age = headers
        .get(header::AGE)
        .map_or(0, |value| seconds(value.as_bytes()).unwrap_or(LONGEST));
    Some(Duration::from_secs(lifetime.saturating_sub(age)))
}

/// The seconds that one directive leaves. One that cannot be read leaves none (RFC 9111 §4.2.1).
fn lifetime(directive: &[u8]) -> Option<u64> {
    let mut parts = directive.splitn(2, |byte| *byte == b'=');
    let name = parts.next()?.trim_ascii().to_ascii_lowercase();
    match name.as_slice() {
        b"no-store" | b"no-cache" => Some(0),
        b"max-age" => Some(parts.next().and_then(seconds).unwrap_or(0)),
        _ => None,
    }
}

fn seconds(text: &[u8]) -> Option<u64> {
    let digits = text.trim_ascii();
    let digits = digits
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
        .unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = core::str::from_utf8(digits).ok()?;
    Some(digits.parse().unwrap_or(LONGEST).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[(&'static str, &str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        fresh_for(&headers).map(|lifetime| lifetime.as_secs())
    }

    #[test]
    fn lifetimes_are_read() {
        for (value, seconds) in [
            ("max-age=300", Some(300)),
            ("public, Max-Age = 60, must-revalidate", Some(60)),
            ("max-age=\"120\"", Some(120)),
            ("s-maxage=10", None),
            ("public", None),
            ("no-store", Some(0)),
            ("max-age=60, no-cache", Some(0)),
            ("max-age=60, max-age=30", Some(30)),
            ("max-age", Some(0)),
            ("max-age=-1", Some(0)),
            ("max-age=1e9", Some(0)),
            ("max-age=99999999999999999999999", Some(LONGEST)),
            ("", None),
            (",,=", None),
        ] {
            assert_eq!(read(&[("cache-control", value)]), seconds, "{value}");
        }
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn the_time_in_caches_on_the_way_counts() {
        let said = ("cache-control", "max-age=300");
        assert_eq!(read(&[said, ("age", "100")]), Some(200));
        assert_eq!(read(&[said, ("age", "301")]), Some(0));
        assert_eq!(read(&[said, ("age", "soon")]), Some(0));
        assert_eq!(read(&[said, ("cache-control", "max-age=5")]), Some(5));
    }
}
