use core::future::pending;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Extension;
use axum::body::Body;
use axum::routing::{get, post};
use jeton_jose::UnixTime;
use tower::ServiceExt as _;

use super::*;

fn service() -> (Router, Arc<Metrics>) {
    let metrics = Arc::new(Metrics::new("1", UnixTime::from_seconds(0)));
    let ticks = AtomicU64::new(0);
    let observer = Observer {
        metrics: Arc::clone(&metrics),
        // Every look at the clock is a millisecond later.
        clock: Box::new(move || Duration::from_millis(ticks.fetch_add(1, Ordering::Relaxed))),
        random: Box::new(|bytes| bytes.fill(0xab)),
        address: Box::new(peer),
        adopt: |_, _| (),
    };
    let routes = Router::new()
        .route(
            "/item/{id}",
            get(|| async { "one" }).post(|| async { StatusCode::BAD_GATEWAY }),
        )
        .route(
            "/name",
            get(|Extension(id): Extension<RequestId>| async move { id.as_str().to_owned() }),
        )
        .route("/never", post(pending::<&'static str>));
    (observed(routes, observer), metrics)
}

fn request(method: &str, uri: &str) -> http::request::Builder {
    Request::builder().method(method).uri(uri)
}

async fn answer(routes: &Router, request: http::request::Builder) -> Response {
    let request = request.body(Body::empty()).unwrap();
    routes.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn a_request_counts_for_its_route_and_never_for_its_path() {
    let (routes, metrics) = service();
    answer(&routes, request("GET", "/item/hunter2?code=hunter3")).await;
    answer(&routes, request("POST", "/item/hunter2")).await;
    answer(&routes, request("DELETE", "/item/hunter2")).await;
    answer(&routes, request("GET", "/hunter2")).await;
    answer(&routes, request("HUNTER2", "/hunter2")).await;
    let text = metrics.render();
    for series in [
        r#"{endpoint="/item/{id}",method="GET",status="2xx"} 1"#,
        r#"{endpoint="/item/{id}",method="POST",status="5xx"} 1"#,
        r#"{endpoint="/item/{id}",method="DELETE",status="4xx"} 1"#,
        r#"{endpoint="unmatched",method="GET",status="4xx"} 1"#,
        r#"{endpoint="unmatched",method="_OTHER",status="4xx"} 1"#,
    ] {
        let line = format!("jeton_request_duration_seconds_count{series}\n");
        assert!(text.contains(&line), "{line}\n{text}");
    }
    let sum = r#"jeton_request_duration_seconds_sum{endpoint="/item/{id}",method="GET",status="2xx"} 0.001"#;
    assert!(text.contains(sum), "{text}");
    assert!(!text.to_lowercase().contains("hunter"), "{text}");
}

#[tokio::test]
async fn a_caller_that_is_gone_is_counted_too() {
    let (routes, metrics) = service();
    let request = request("POST", "/never").body(Body::empty()).unwrap();
    let mut answering = Box::pin(routes.oneshot(request));
    assert!(futures_poll(&mut answering).await);
    assert!(metrics.render().contains("jeton_requests_under_way 1\n"));
    drop(answering);
    let text = metrics.render();
    assert!(text.contains("jeton_requests_under_way 0\n"));
    assert!(
        text.contains(r#"count{endpoint="/never",method="POST",status="none"} 1"#),
        "{text}"
    );
}

/// Polls once; whether it is still waiting.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> bool {
    core::future::poll_fn(|context| {
        core::task::Poll::Ready(core::pin::Pin::new(&mut *future).poll(context).is_pending())
    })
    .await
}

#[tokio::test]
async fn a_request_keeps_the_name_it_was_given_if_it_is_harmless() {
    let (routes, _) = service();
    let random = "ab".repeat(16);
    let long = "a".repeat(65);
    for (chosen, wanted) in [
        (None, random.as_str()),
        (Some("trace-1:2.3_4"), "trace-1:2.3_4"),
        (Some(&long[..64]), &long[..64]),
        (Some(&long), &random),
        (Some(""), &random),
        (Some("a b"), &random),
        (Some("\u{1b}[2J"), &random),
        (Some("a\"b"), &random),
        (Some("é"), &random),
    ] {
        let mut asked = request("GET", "/name");
        if let Some(chosen) = chosen
            && let Ok(value) = HeaderValue::from_bytes(chosen.as_bytes())
        {
            asked = asked.header(REQUEST_ID, value);
        }
        let answer = answer(&routes, asked).await;
        assert_eq!(answer.headers()[REQUEST_ID], wanted);
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(body, wanted);
    }
}
