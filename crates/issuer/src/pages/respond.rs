use askama::Template;
use axum::response::Response;
use http::header::{self, HeaderName};
use http::{HeaderValue, StatusCode};

use super::page::{FormAction, Page};

/// A page that can be answered with.
pub trait View: Template {
    /// The hash of the only script that the page may run (CSP `script-src`).
    const SCRIPT: Option<&'static str> = None;

    /// What of a page's address goes with requests that it causes. A foreign site learns nothing.
    /// `no-referrer` would make browsers send `Origin: null` with our own forms, and the check of
    /// where a form comes from needs the origin where there is no `Sec-Fetch-Site`.
    const REFERRER: &'static str = "same-origin";

    /// What is around its content.
    fn page(&self) -> &Page<'_>;
}

/// Features of the browser that no page needs.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
     gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), \
     usb=()";

/// Answers with a page, which is kept nowhere, framed nowhere and runs nothing.
pub fn respond<V: View>(status: StatusCode, view: &V) -> Response {
    let Ok(html) = view.render() else {
        return plain("this page could not be written");
    };
    let mut response = Response::new(html.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, "en"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, V::REFERRER),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // An application that asked for a small window waits for it to come back to its opener.
    if !view.page().is_popup() {
        headers.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
    }
    let Ok(policy) = HeaderValue::try_from(policy(view.page().forms, V::SCRIPT)) else {
        return plain("this page has no policy");
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn policy(forms: FormAction, script: Option<&str>) -> String {
    let mut policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                      frame-ancestors 'none'; base-uri 'none'"
        .to_owned();
    if forms == FormAction::Stays {
        policy.push_str("; form-action 'self'");
    }
    if let Some(hash) = script {
        policy.push_str("; script-src '");
        policy.push_str(hash);
        policy.push('\'');
    }
    policy
}

/// What is left when even a page fails.
fn plain(text: &'static str) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
