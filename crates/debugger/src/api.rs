//! From a body to the workbench and back.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use jeton_inspect::workbench::{self, Failure, MAX_REQUEST, Setting};
use jeton_jose::Code;
use jeton_jose::backend::AwsLc;
use jeton_problem::{Coded, Problem, RequestCode};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::config::Workshop;
use crate::secrecy;

/// A body takes no longer to arrive than this.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Answers one question of the workbench.
pub(crate) async fn answer(
    name: &'static str,
    State(workshop): State<Arc<Workshop>>,
    request: Request,
) -> Response {
    match ask(name, &workshop, request).await {
        Ok(answer) => json(answer),
        Err(problem) => problem.into_response(),
    }
}

async fn ask(name: &'static str, workshop: &Workshop, request: Request) -> Result<String, Problem> {
    let request = read(request).await?;
    let (takes_secrets, is_private) = (workshop.takes_secrets, workshop.is_private);
    let now = (workshop.clock)();
    let answer = at_work(&workshop.work, move || {
        if !takes_secrets && secrecy::carries_secret(name, &request) {
            return Err(RequestCode::SecretRefused.into());
        }
        if !is_private && secrecy::asks_why(&request) {
            return Err(RequestCode::DiagnosisRefused.into());
        }
        let setting = Setting {
            backend: &AwsLc,
            now,
        };
        workbench::call(name, &request, &setting).map_err(|failure| problem(&failure))
    });
    answer.await.unwrap_or_else(|| Err(internal()))
}

/// Does work that keeps a processor busy, as soon as it may. `None`: it failed.
///
/// The work goes on when nobody waits for its answer any more, so its permit is its own: to ask and
/// to hang up must not be a way to more work at once than is permitted.
async fn at_work<A: Send + 'static>(
    permits: &Arc<Semaphore>,
    work: impl FnOnce() -> A + Send + 'static,
) -> Option<A> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    let work = tokio::task::spawn_blocking(move || {
        let answer = work();
        drop(permit);
        answer
    });
    work.await.ok()
}

/// The body of a request, if it is declared as JSON, short enough, and comes in time.
pub(crate) async fn read(request: Request) -> Result<Zeroizing<String>, Problem> {
    if !is_json(request.headers()) {
        return Err(RequestCode::MediaTypeRefused.into());
    }
    let declared = request.body().size_hint().lower();
    if usize::try_from(declared).is_ok_and(|declared| declared > MAX_REQUEST) {
        return Err(RequestCode::BodyTooLarge.into());
    }
    let body = Limited::new(request.into_body(), MAX_REQUEST).collect();
    let body = tokio::time::timeout(BODY_TIMEOUT, body)
        .await
        .map_err(|_| RequestCode::BodyUnreadable)?
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                RequestCode::BodyTooLarge
            } else {
                RequestCode::BodyUnreadable
            }
        })?;
    let text = String::from_utf8(body.to_bytes().into()).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        RequestCode::BodyUnreadable
    })?;
    Ok(Zeroizing::new(text))
}

/// Whether the body is declared as JSON, once, and as nothing around it.
fn is_json(headers: &HeaderMap) -> bool {
    let mut declared = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(declared), None) = (declared.next(), declared.next()) else {
        return false;
    };
    let essence = declared
        .to_str()
        .ok()
        .and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
        && !headers.contains_key(header::CONTENT_ENCODING)
}

/// An answer in JSON, which nothing may store.
pub(crate) fn json(text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The same failure in the form of HTTP.
fn problem(failure: &Failure) -> Problem {
    let code = failure.code();
    let of_core = Code::ALL.iter().find(|known| known.as_str() == code);
    let of_request = RequestCode::ALL.iter().find(|known| known.code() == code);
    let problem = match (of_core, of_request) {
        (Some(code), _) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code),
        (None, Some(code)) => Problem::from(*code),
        (None, None) => internal(),
    };
    let problem = failure
        .causes()
        .iter()
        .fold(problem.detail(failure.message()), Problem::cause);
    match failure.to_do() {
        Some(hint) => problem.hint(hint.to_owned()),
        None => problem,
    }
}

fn internal() -> Problem {
    RequestCode::Internal.into()
}

pub(crate) async fn not_found() -> Response {
    Problem::from(RequestCode::NotFound).into_response()
}

pub(crate) async fn method_refused() -> Response {
    Problem::from(RequestCode::MethodRefused).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn who_hangs_up_does_not_free_the_permit_of_work_that_goes_on() {
        let permits = Arc::new(Semaphore::new(1));
        let (begin, begun) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let asked = tokio::spawn({
            let permits = Arc::clone(&permits);
            async move {
                let work = move || {
                    begin.send(()).unwrap();
                    ended.recv().ok();
                };
                at_work(&permits, work).await
            }
        });
        tokio::task::spawn_blocking(move || begun.recv().unwrap())
            .await
            .unwrap();
        asked.abort();
        asked.await.unwrap_err();
        assert_eq!(permits.available_permits(), 0);
        end.send(()).unwrap();
        assert_eq!(at_work(&permits, || 1).await, Some(1));
        assert_eq!(
            at_work(&permits, || -> u8 { panic!("a fault") }).await,
            None
        );
        assert_eq!(permits.available_permits(), 1);
    }
}
