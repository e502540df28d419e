use super::*;

const PAGES: &[Asset] = &[
    asset("debugger/assets/app-1a2b.js", b"let a", Some(b"br")),
    asset("debugger/icon.png", b"png", None),
    asset("debugger/index.html", b"<index>", Some(b"br")),
    asset("debugger/sw.js", b"worker", None),
    asset("export.html", b"<export>", None),
];

const fn asset(path: &'static str, bytes: &'static [u8], brotli: Option<&'static [u8]>) -> Asset {
    Asset {
        path,
        bytes,
        brotli,
        tag: "0123",
    }
}

fn request(headers: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_static(value));
    }
    map
}

fn answer(path: &str, headers: &[(&'static str, &'static str)]) -> Response<&'static [u8]> {
    respond_from(PAGES, path, &request(headers)).unwrap()
}

fn header<'r>(response: &'r Response<&'static [u8]>, name: &str) -> &'r str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[test]
fn each_file_has_its_type_and_its_caching() {
    for (path, kind, caching) in [
        ("debugger/", "text/html; charset=utf-8", "no-cache"),
        (
            "debugger/index.html",
            "text/html; charset=utf-8",
            "no-cache",
        ),
        (
            "debugger/sw.js",
            "text/javascript; charset=utf-8",
            "no-cache",
        ),
        ("debugger/icon.png", "image/png", "no-cache"),
        (
            "debugger/assets/app-1a2b.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let response = answer(path, &[]);
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "content-type"), kind, "{path}");
        assert_eq!(header(&response, "cache-control"), caching, "{path}");
    }
    assert_eq!(content_type("core.wasm"), "application/wasm");
    for path in [
        "nothing",
        "/index.html",
        "../index.html",
        "assets/",
        "assets",
    ] {
        assert!(
            respond_from(PAGES, path, &HeaderMap::new()).is_none(),
            "{path}"
        );
    }
}

#[test]
fn a_client_that_takes_brotli_gets_it() {
    for (accepts, encoded) in [
        ("br", true),
        ("gzip, deflate, BR", true),
        ("gzip, br;q=0.5", true),
        ("gzip, br; q=0", false),
        ("br;q=0.0", false),
        ("gzip", false),
        ("brotli", false),
        ("", false),
    ] {
        let response = answer("debugger/", &[("accept-encoding", accepts)]);
        let wanted = if encoded { &b"br"[..] } else { b"<index>" };
        assert_eq!(*response.body(), wanted, "{accepts}");
        assert_eq!(header(&response, "content-encoding") == "br", encoded);
        assert_eq!(header(&response, "vary"), "accept-encoding");
    }
    let response = answer("debugger/sw.js", &[("accept-encoding", "br")]);
    assert_eq!(*response.body(), b"worker");
    assert_eq!(header(&response, "vary"), "");
}

#[test]
fn what_is_known_is_not_sent_again() {
    let tag = header(&answer("debugger/", &[]), "etag").to_owned();
    assert_eq!(tag, "\"0123\"");
    let compressed = answer("debugger/", &[("accept-encoding", "br")]);
    assert_eq!(header(&compressed, "etag"), "\"0123-br\"");
    for (known, status) in [
        ("\"0123\"", 304),
        ("W/\"0123\"", 304),
        ("\"x\", \"0123\"", 304),
        ("*", 304),
        ("\"0123-br\"", 200),
        ("0123", 200),
    ] {
        let response = answer("debugger/", &[("if-none-match", known)]);
        assert_eq!(response.status(), status, "{known}");
        assert_eq!(response.body().is_empty(), status == 304);
        assert_eq!(header(&response, "etag"), tag);
        assert_ne!(header(&response, "content-security-policy"), "");
    }
}

#[test]
fn no_answer_goes_without_its_policy() {
    let missing = respond_from(&[], "debugger/", &HeaderMap::new()).unwrap();
    for response in [
        answer("debugger/", &[]),
        answer("debugger/sw.js", &[]),
        missing,
    ] {
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
        assert!(policy.ends_with("frame-ancestors 'none'"));
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(
            header(&response, "cross-origin-opener-policy"),
            "same-origin"
        );
        assert_eq!(
            header(&response, "cross-origin-resource-policy"),
            "same-origin"
        );
        assert!(header(&response, "permissions-policy").contains("camera=()"));
    }
}

#[test]
fn the_one_file_page_is_saved_and_not_shown() {
    let response = answer("export.html", &[]);
    assert!(header(&response, "content-disposition").starts_with("attachment"));
    assert_eq!(header(&answer("debugger/", &[]), "content-disposition"), "");
}

#[test]
fn without_pages_one_says_how_to_build_them() {
    let response = respond_from(&[], "debugger/", &HeaderMap::new()).unwrap();
    assert_eq!(response.status(), 503);
    let page = core::str::from_utf8(response.body()).unwrap();
    assert!(page.contains("cargo xtask run") && page.contains("cargo xtask web"));
    assert!(!page.contains("<style") && !page.contains("<script"));
    assert!(respond_from(&[], "debugger/sw.js", &HeaderMap::new()).is_none());
}

#[test]
fn the_embedded_files_are_in_order() {
    assert!(ASSETS.windows(2).all(|pair| pair[0].path < pair[1].path));
    assert_eq!(one_file_page().is_some(), cfg!(feature = "embed"));
}
