use super::*;

fn guard(address: &str, hosts: &[&str]) -> Guard {
    Guard {
        address: address.parse().unwrap(),
        hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
    }
}

fn refused(
    guard: &Guard,
    method: &Method,
    headers: &[(&'static str, &str)],
) -> Option<RequestCode> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    guard.refusal(method, &Uri::from_static("/api/"), &map)
}

#[test]
fn a_loopback_server_is_known_by_its_addresses_and_localhost() {
    let guard = guard("127.0.0.1:7519", &[]);
    for host in [
        "127.0.0.1:7519",
        "localhost:7519",
        "LocalHost:7519",
        "[::1]:7519",
        "127.0.0.2:7519",
    ] {
        assert_eq!(
            refused(&guard, &Method::GET, &[("host", host)]),
            None,
            "{host}"
        );
    }
    for host in [
        "",
        "127.0.0.1",
        "localhost",
        "127.0.0.1:80",
        "localhost:7518",
        "rebound.example:7519",
        "rebound.example",
        "localhost.rebound.example:7519",
        "127.0.0.1.rebound.example:7519",
        "user@localhost:7519",
        "localhost:7519:7519",
        "localhost:99999",
        "10.0.0.1:7519",
        "[::2]:7519",
        "0.0.0.0:7519",
        "localhost.:7519",
        "a.localhost:7519",
        "[localhost]:7519",
        "[127.0.0.1]:7519",
        "[::ffff:127.0.0.1]:7519",
        "2130706433:7519",
        "0x7f.1:7519",
        "127.1:7519",
        "localhost:7519@rebound.example",
    ] {
        let code = refused(&guard, &Method::GET, &[("host", host)]);
        assert_eq!(code, Some(RequestCode::HostRefused), "{host}");
    }
}

#[test]
fn without_a_host_or_with_two_nothing_is_answered() {
    let guard = guard("127.0.0.1:7519", &[]);
    assert_eq!(
        refused(&guard, &Method::GET, &[]),
        Some(RequestCode::HostRefused)
    );
    let two = [("host", "localhost:7519"), ("host", "rebound.example")];
    assert_eq!(
        refused(&guard, &Method::GET, &two),
        Some(RequestCode::HostRefused)
    );
    let mut headers = HeaderMap::new();
    headers.insert("host", "localhost:7519".parse().unwrap());
    let absolute = Uri::from_static("http://rebound.example/api/");
    assert_eq!(
        guard.refusal(&Method::GET, &absolute, &headers),
        Some(RequestCode::HostRefused)
    );
}

#[test]
fn other_addresses_and_configured_names() {
    let own = guard("192.168.1.5:80", &["jeton.example", "2001:DB8::5"]);
    for host in [
        "[2001:db8:0::5]:8080",
        "192.168.1.5",
        "192.168.1.5:80",
        "jeton.example",
        "JETON.example:8080",
    ] {
        assert_eq!(
            refused(&own, &Method::GET, &[("host", host)]),
            None,
            "{host}"
        );
    }
    for host in [
        "localhost",
        "127.0.0.1",
        "192.168.1.6",
        "other.example",
        "[2001:db8::6]",
        "a.jeton.example",
    ] {
        assert!(
            refused(&own, &Method::GET, &[("host", host)]).is_some(),
            "{host}"
        );
    }
    let every = guard("0.0.0.0:7519", &[]);
    for host in ["192.168.1.5:7519", "127.0.0.1:7519", "localhost:7519"] {
        assert_eq!(
            refused(&every, &Method::GET, &[("host", host)]),
            None,
            "{host}"
        );
    }
    assert!(refused(&every, &Method::GET, &[("host", "rebound.example:7519")]).is_some());
}

#[test]
fn another_origin_is_refused() {
    let guard = guard("127.0.0.1:7519", &["jeton.example"]);
    let host = ("host", "127.0.0.1:7519");
    for origin in ["http://127.0.0.1:7519", "https://127.0.0.1:7519"] {
        assert_eq!(
            refused(&guard, &Method::POST, &[host, ("origin", origin)]),
            None,
            "{origin}"
        );
    }
    for origin in [
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:7520",
        "http://localhost:7519",
        "https://attacker.example",
        "http://127.0.0.1:7519.attacker.example",
        "127.0.0.1:7519",
        "file://",
        "http://jeton.example",
    ] {
        assert_eq!(
            refused(&guard, &Method::POST, &[host, ("origin", origin)]),
            Some(RequestCode::OriginRefused),
            "{origin}"
        );
    }
}

#[test]
fn what_another_site_sends_is_refused_but_its_links_are_followed() {
    let guard = guard("127.0.0.1:7519", &[]);
    let host = ("host", "127.0.0.1:7519");
    let site = |value| ("sec-fetch-site", value);
    for own in ["same-origin", "none"] {
        assert_eq!(refused(&guard, &Method::POST, &[host, site(own)]), None);
    }
    let navigates = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    for other in ["cross-site", "same-site", "something-new"] {
        let mut headers = vec![host, site(other)];
        assert_eq!(
            refused(&guard, &Method::GET, &headers),
            Some(RequestCode::OriginRefused)
        );
        headers.extend(navigates);
        assert_eq!(refused(&guard, &Method::GET, &headers), None, "{other}");
        assert_eq!(
            refused(&guard, &Method::POST, &headers),
            Some(RequestCode::OriginRefused)
        );
        headers.pop();
        headers.push(("sec-fetch-dest", "iframe"));
        assert_eq!(
            refused(&guard, &Method::GET, &headers),
            Some(RequestCode::OriginRefused)
        );
    }
}
