use std::borrow::Cow;

use http::{HeaderValue, Response, StatusCode, header};
use jeton_jose::json;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::{Coded, RequestCode, reference};

/// A problem body (RFC 9457), with the stable code as an extension member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type", serialize_with = "write_reference")]
    kind: &'static str,
    /// What the code means, the same for each occurrence.
    title: &'static str,
    /// The answer's status.
    status: u16,
    /// What is wrong here.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Box<str>>,
    /// The stable code.
    code: &'static str,
    /// Why, from the outside in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    /// What to do about it.
    hint: Cow<'static, str>,
}

impl Problem {
    /// The media type of problem bodies.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The problem of a code.
    pub fn new(status: StatusCode, coded: &dyn Coded) -> Self {
        Self {
            kind: coded.code(),
            title: coded.cause(),
            status: status.as_u16(),
            detail: None,
            code: coded.code(),
            causes: Vec::new(),
            hint: coded.remedy().into(),
        }
    }

    /// With what is wrong here, in words.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into_boxed_str());
        self
    }

    /// With a further reason.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// With what to do here, instead of the code's remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer, which nothing may store.
    pub fn into_response<B: From<String>>(self) -> Response<B> {
        let status = self.status();
        // Strings and a number are always JSON.
        let body = json::to_string(&self).unwrap_or_default();
        let mut response = Response::new(B::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(Self::MEDIA_TYPE),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn write_reference<S: Serializer>(code: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&reference(code))
}

impl From<RequestCode> for Problem {
    fn from(code: RequestCode) -> Self {
        Self::new(code.status(), &code)
    }
}

#[cfg(test)]
mod tests {
    use jeton_jose::Code;

    use super::*;

    #[test]
    fn a_body_has_the_members_of_the_standard_and_the_code() {
        let problem = Problem::new(StatusCode::UNAUTHORIZED, &Code::TokenExpired)
            .detail("the token expired a minute ago")
            .cause("`exp` has passed");
        let response: Response<String> = problem.into_response();
        assert_eq!(response.status(), 401);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let body = response.body();
        let document = json::Document::parse(body.as_bytes(), &json::Options::strict()).unwrap();
        let object = document.root().as_object().unwrap();
        let text = |name| object.get(name).unwrap().as_str().unwrap();
        assert_eq!(text("code"), "token_expired");
        assert_eq!(text("detail"), "the token expired a minute ago");
        assert!(text("type").ends_with("errors.md#token_expired"), "{body}");
        assert!(body.contains(r#""status":401"#), "{body}");
        assert!(body.contains(r#""causes":["`exp` has passed"]"#), "{body}");
    }

    #[test]
    fn a_code_brings_its_own_status() {
        for code in RequestCode::ALL {
            let status = Problem::from(*code).status();
            assert!(
                status.is_client_error() || status.is_server_error(),
                "{code:?}"
            );
        }
    }
}
