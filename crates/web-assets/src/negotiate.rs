use http::{HeaderMap, header};

/// Whether the client takes brotli (RFC 9110 §12.5.3).
pub(crate) fn accepts_brotli(request: &HeaderMap) -> bool {
    entries(request, &header::ACCEPT_ENCODING).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_brotli = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .unwrap_or("1");
        is_brotli && weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
    })
}

/// Whether the client has what this tag stands for (RFC 9110 §13.1.2).
pub(crate) fn knows(request: &HeaderMap, tag: &str) -> bool {
    entries(request, &header::IF_NONE_MATCH)
        .any(|entry| entry == "*" || entry.strip_prefix("W/").unwrap_or(entry) == tag)
}

/// The entries of a header that is a list. None of ours has a comma inside.
fn entries<'h>(request: &'h HeaderMap, name: &header::HeaderName) -> impl Iterator<Item = &'h str> {
    request
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}
