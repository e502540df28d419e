//! The normal form in which `htu` is compared (RFC 9449 §4.3; RFC 3986 §6.2.2, §6.2.3).

/// The normal form of an absolute `http` or `https` URI, without query and fragment; `None` if it
/// is no such URI. User information is refused: it has no place in a request target.
pub(super) fn normalize(uri: &str) -> Option<String> {
    if !uri.bytes().all(|byte| matches!(byte, 0x21..=0x7e)) {
        return None;
    }
    let (scheme, rest) = uri.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => "443",
        "http" => "80",
        _ => return None,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end)?;
    let path = rest
        .find(['?', '#'])
        .map_or(rest, |end| rest.get(..end).unwrap_or_default());
    let (host, port) = split_port(authority)?;
    let mut normal = format!("{scheme}://{}", unescape(host)?.to_ascii_lowercase());
    if !port.is_empty() && port != default_port {
        normal.push(':');
        normal.push_str(port);
    }
    remove_dots(&unescape(path)?, &mut normal);
    Some(normal)
}

/// Host and port; the port is empty if there is none. An IPv6 address keeps its brackets.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let after_address = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority.get(after_address..)?.rfind(':') {
        Some(at) => {
            let (host, port) = authority.split_at_checked(after_address + at)?;
            (host, port.strip_prefix(':')?)
        }
        None => (authority, ""),
    };
    let sound = !host.is_empty()
        && !host.contains(['@', '\\'])
        && (after_address > 0 || !host.contains(':'))
        && port.bytes().all(|byte| byte.is_ascii_digit());
    sound.then_some((host, port))
}

/// Decodes the escapes of characters that need none, and writes the others in upper case.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once('%') {
        out.push_str(plain);
        let (digits, after) = escaped.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let byte = u8::from_str_radix(digits, 16).ok()?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&digits.to_ascii_uppercase());
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// Appends an absolute path without `.` and `..` segments (RFC 3986 §5.2.4).
fn remove_dots(path: &str, out: &mut String) {
    let root = out.len();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => {
                let parent = out.get(root..).and_then(|path| path.rfind('/'));
                out.truncate(root + parent.unwrap_or(0));
            }
            segment => {
                out.push('/');
                out.push_str(segment);
                continue;
            }
        }
        if last {
            out.push('/');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn equal_targets_have_one_form() {
        for (uri, normal) in [
            ("https://a.example/token", "https://a.example/token"),
            ("HTTPS://A.Example:443/token", "https://a.example/token"),
            ("https://a.example:/token", "https://a.example/token"),
            ("http://a.example:80", "http://a.example/"),
            ("http://a.example:443/", "http://a.example:443/"),
            ("https://a.example?x=1", "https://a.example/"),
            ("https://a.example/b?x=/../y#z", "https://a.example/b"),
            ("https://a.example#b", "https://a.example/"),
            (
                "https://a.example/%7euser/%2f%3A",
                "https://a.example/~user/%2F%3A",
            ),
            ("https://a.example/a/./b/../c", "https://a.example/a/c"),
            ("https://a.example/a/%2e%2E/c/.", "https://a.example/c/"),
            ("https://a.example/../..", "https://a.example/"),
            ("https://a.example/a//b/", "https://a.example/a//b/"),
            ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"),
            (
                "https://[2001:db8::1]:8443/x",
                "https://[2001:db8::1]:8443/x",
            ),
            ("https://a.example/Token", "https://a.example/Token"),
        ] {
            assert_eq!(normalize(uri).as_deref(), Some(normal), "{uri}");
            assert_eq!(normalize(normal).as_deref(), Some(normal), "{normal}");
        }
    }

    #[test]
    fn what_is_no_target_has_none() {
        for uri in [
            "",
            "/token",
            "a.example/token",
            "ftp://a.example/",
            "https:/a.example/",
            "https://",
            "https:///token",
            "https://user@a.example/",
            "https://a.example\\@b.example/",
            "https://a.example:x/",
            "https://2001:db8::1/",
            "https://a.example/%zz",
            "https://a.example/%4",
            "https://a.example/a b",
            "https://a.example/\u{e9}",
            "https://a.example/\n",
        ] {
            assert_eq!(normalize(uri), None, "{uri}");
        }
    }
}
