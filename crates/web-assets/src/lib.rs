//! The pages in the binary, and how they are served: content types, entity tags, caching, and what
//! a browser must not do with them.
//!
//! With the feature `embed` the pages are what `cargo xtask web` left in `web/dist`; without it
//! there are none, and a page says how to build them, so that a plain `cargo build` needs no Node.
//! This crate knows no server: it makes responses from paths and headers.

mod negotiate;
mod security;

use core::fmt;

use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

pub use security::{CONTENT_SECURITY_POLICY, secure};

/// A file of the pages.
#[derive(Clone, Copy)]
pub struct Asset {
    path: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
    tag: &'static str,
}

/// Every embedded file, in the order of their paths.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The debugger page as one file that works without a server, if it is embedded.
pub fn one_file_page() -> Option<&'static [u8]> {
    find(ASSETS, ONE_FILE).map(|asset| asset.bytes)
}

/// Whether there are pages in this build.
pub fn is_embedded() -> bool {
    !ASSETS.is_empty()
}

/// What to do about pages that are not embedded.
pub const HOW_TO_EMBED: &str = "build jeton with `cargo xtask run`, or build the pages with `cargo \
                                xtask web` and jeton with `cargo build --release --features embed`";

const INDEX: &str = "index.html";
const ONE_FILE: &str = "export.html";
const MISSING: &str = include_str!("missing.html");

/// Answers a `GET` for a file: `debugger/` is the page itself. `None`: there is no such file.
pub fn respond(path: &str, request: &HeaderMap) -> Option<Response<&'static [u8]>> {
    respond_from(ASSETS, path, request)
}

fn respond_from(
    assets: &[Asset],
    path: &str,
    request: &HeaderMap,
) -> Option<Response<&'static [u8]>> {
    if path.ends_with('/') {
        return match find(assets, &format!("{path}{INDEX}")) {
            Some(asset) => Some(asset.respond(request)),
            None if assets.is_empty() => Some(missing()),
            None => None,
        };
    }
    Some(find(assets, path)?.respond(request))
}

fn find(assets: &[Asset], path: &str) -> Option<Asset> {
    let position = assets.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    assets.get(position).copied()
}

fn missing() -> Response<&'static [u8]> {
    let mut response = Response::new(MISSING.as_bytes());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, from_static(content_type(INDEX)));
    headers.insert(header::CACHE_CONTROL, from_static("no-store"));
    secure(headers);
    response
}

impl Asset {
    fn respond(&self, request: &HeaderMap) -> Response<&'static [u8]> {
        let brotli = self.brotli.filter(|_| negotiate::accepts_brotli(request));
        let suffix = if brotli.is_some() { "-br" } else { "" };
        let tag = format!("\"{}{suffix}\"", self.tag);
        let is_known = negotiate::knows(request, &tag);
        let body = match (is_known, brotli) {
            (true, _) => &[][..],
            (false, Some(brotli)) => brotli,
            (false, None) => self.bytes,
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            headers.insert(name, from_static(value));
        };
        set(header::CONTENT_TYPE, content_type(self.path));
        set(header::CACHE_CONTROL, self.caching());
        if self.brotli.is_some() {
            set(header::VARY, "accept-encoding");
        }
        if brotli.is_some() {
            set(header::CONTENT_ENCODING, "br");
        }
        if self.path == ONE_FILE {
            // It brings a policy of its own, which that of this server would contradict.
            set(
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"jeton-debugger.html\"",
            );
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        secure(headers);
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }

    /// A file whose name has the hash of its content never changes; all others are asked for anew.
    fn caching(&self) -> &'static str {
        if self.path.contains("/assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        }
    }
}

fn from_static(value: &'static str) -> HeaderValue {
    HeaderValue::from_static(value)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asset")
            .field("path", &self.path)
            .field("bytes", &self.bytes.len())
            .field("brotli", &self.brotli.map(<[u8]>::len))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
