//! The one stylesheet. Its address carries the hash of its content, so that it may be kept for
//! ever and a new one is fetched at once.

use std::sync::LazyLock;

use axum::response::Response;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jeton_jose::base64url;
use jeton_store::Sha256;

pub(super) const STYLE: &str = concat!(
    include_str!("../../templates/style/colours.css"),
    include_str!("../../templates/style/page.css"),
    include_str!("../../templates/style/forms.css"),
    include_str!("../../templates/style/parts.css"),
);

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut version = base64url::encode(Sha256::of(STYLE.as_bytes()).as_bytes());
    version.truncate(16);
    version
});

/// The part of the stylesheet's address that changes with it.
pub(super) fn version() -> &'static str {
    &VERSION
}

/// Answers `GET /style.css`.
pub fn stylesheet(uri: &Uri, request: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", version());
    let is_known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| matches!(entry.trim(), "*") || entry.trim().trim_start_matches("W/") == tag);
    let is_exact = uri.query().and_then(|query| query.strip_prefix("v=")) == Some(version());
    let mut response = Response::new(if is_known { "" } else { STYLE }.into());
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let caching = if is_exact {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn ask(uri: &str, tag: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag {
            headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        }
        stylesheet(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn the_address_with_the_hash_is_kept_and_any_other_asked_for_anew() {
        let exact = ask(&format!("/style.css?v={}", version()), None);
        assert_eq!(exact.status(), StatusCode::OK);
        let caching = &exact.headers()[header::CACHE_CONTROL];
        assert!(caching.to_str().unwrap().contains("immutable"));
        for uri in ["/style.css", "/style.css?v=", "/style.css?v=old"] {
            assert_eq!(ask(uri, None).headers()[header::CACHE_CONTROL], "no-cache");
        }
    }

    #[test]
    fn a_known_tag_is_answered_without_content() {
        let tag = ask("/style.css", None).headers()[header::ETAG].clone();
        let tag = tag.to_str().unwrap();
        for known in [tag, &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
            let answer = ask("/style.css", Some(known));
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{known}");
        }
        assert_eq!(ask("/style.css", Some("\"x\"")).status(), StatusCode::OK);
    }

    /// The colours of a theme by name, from its block of the stylesheet.
    fn colours(theme: &str) -> BTreeMap<&str, [f64; 3]> {
        let lines = theme
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--"));
        let pairs = lines.filter_map(|line| line.split_once(": #"));
        pairs
            .map(|(name, hex)| {
                let part = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
                (
                    name,
                    [part(0), part(2), part(4)].map(|part| f64::from(part) / 255.0),
                )
            })
            .collect()
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let luminance = |colour: [f64; 3]| {
            let [red, green, blue] = colour.map(|part| {
                if part <= 0.04045 {
                    part / 12.92
                } else {
                    ((part + 0.055) / 1.055).powf(2.4)
                }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn both_themes_can_be_read() {
        let (light, after) = STYLE
            .split_once("@media (prefers-color-scheme: dark)")
            .unwrap();
        let dark = after.split_once("--shadow").unwrap().0;
        let texts = [
            ("ink", "paper surface sunken bad-wash good-wash"),
            ("ink-soft", "paper surface sunken"),
            ("accent", "paper surface accent-wash"),
            ("accent-ink", "accent accent-strong"),
            ("good", "good-wash"),
            ("bad", "surface"),
            ("warn", "warn-wash"),
            ("header", "header-wash"),
            ("payload", "payload-wash"),
            ("signature", "signature-wash"),
            ("opaque", "opaque-wash"),
        ];
        for theme in [light, dark] {
            let colours = colours(theme);
            for (text, grounds) in texts {
                for ground in grounds.split(' ') {
                    let contrast = contrast(colours[text], colours[ground]);
                    assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
                }
            }
            let border = contrast(colours["line-strong"], colours["surface"]);
            assert!(border >= 3.0, "line-strong on surface: {border:.2}");
        }
    }

    #[test]
    fn it_loads_nothing() {
        assert!(!STYLE.contains("url("));
        assert!(!STYLE.contains("@import"));
    }
}
