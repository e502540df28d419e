//! The endpoints of OAuth, OpenID Connect and the first-party sign-in: their parameters and what
//! kind of answer they give. What the parameters mean is said by the standards.

use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::schema::{ArrayBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ObjectBuilder, RefOr, ResponseBuilder, Schema};

use super::{any, body, described, parameter};

/// An endpoint.
struct Endpoint {
    method: HttpMethod,
    path: &'static str,
    summary: &'static str,
    takes: Takes,
    /// The names of its parameters; the first of them have to be there.
    names: &'static [&'static str],
    required: usize,
    answers: Answers,
    /// The scheme by which it is asked.
    security: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Takes {
    Form,
    Json,
    Query,
}

#[derive(Clone, Copy)]
enum Answers {
    /// A document of this kind.
    Document(&'static str),
    /// JSON, or an error in JSON.
    Json,
    /// Nothing with this status, or an error in JSON.
    Nothing(&'static str),
    /// A page, or the way back to a client.
    Page,
    /// Lines of JSON.
    Lines,
}

const AUTHORIZATION: &[&str] = &[
    "client_id",
    "response_type",
    "redirect_uri",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "display",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "resource",
    "request",
    "request_uri",
    "registration",
];
const TOKEN: &[&str] = &[
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "resource",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "audience",
    "requested_token_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];
const ONE_TOKEN: &[&str] = &["token", "token_type_hint", "client_id", "client_secret"];
const LOGOUT: &[&str] = &[
    "id_token_hint",
    "logout_hint",
    "client_id",
    "post_logout_redirect_uri",
    "state",
    "ui_locales",
];
const LOGIN: &[&str] = &["username", "password", "client_id", "scope", "resource"];

const fn get(path: &'static str, summary: &'static str, answers: Answers) -> Endpoint {
    Endpoint {
        method: HttpMethod::Get,
        path,
        summary,
        takes: Takes::Query,
        names: &[],
        required: 0,
        answers,
        security: None,
    }
}

const fn post(
    path: &'static str,
    summary: &'static str,
    takes: Takes,
    names: &'static [&'static str],
    answers: Answers,
) -> Endpoint {
    Endpoint {
        method: HttpMethod::Post,
        path,
        summary,
        takes,
        names,
        required: 0,
        answers,
        security: None,
    }
}

#[rustfmt::skip]
const ENDPOINTS: &[Endpoint] = &[
    Endpoint { names: AUTHORIZATION, ..get("/authorize", "Ask a person (RFC 6749 §3.1, OpenID Connect Core §3.1.2)", Answers::Page) },
    post("/authorize", "The same as a form", Takes::Form, AUTHORIZATION, Answers::Page),
    Endpoint { required: 1, security: Some("client"), ..post("/token", "Issue tokens (RFC 6749 §3.2)", Takes::Form, TOKEN, Answers::Json) },
    Endpoint { required: 1, security: Some("client"), ..post("/introspect", "What a token is worth (RFC 7662)", Takes::Form, ONE_TOKEN, Answers::Json) },
    Endpoint { required: 1, security: Some("client"), ..post("/revoke", "Give a token back (RFC 7009)", Takes::Form, ONE_TOKEN, Answers::Nothing("200")) },
    Endpoint { security: Some("token"), ..get("/userinfo", "Who the person is (OpenID Connect Core §5.3)", Answers::Json) },
    post("/userinfo", "The same with the token in a form (RFC 6750 §2.2)", Takes::Form, &["access_token"], Answers::Json),
    Endpoint { names: LOGOUT, ..get("/end-session", "Sign out at the wish of a client (OpenID Connect RP-Initiated Logout)", Answers::Page) },
    post("/end-session", "The same as a form", Takes::Form, LOGOUT, Answers::Page),
    Endpoint { names: &["after", "wait"], security: Some("client"), ..get("/revocations", "The revocation log for gateways, as it grows", Answers::Lines) },
    Endpoint { required: 2, ..post("/login", "Sign in to an application of the house", Takes::Json, LOGIN, Answers::Json) },
    post("/refresh", "The next access token", Takes::Json, &["refresh_token"], Answers::Json),
    post("/logout", "End this session", Takes::Json, &["refresh_token"], Answers::Nothing("204")),
    post("/logout/all", "End all sessions of the account", Takes::Json, &["refresh_token"], Answers::Nothing("204")),
    Endpoint { security: Some("token"), ..get("/me", "Who is signed in", Answers::Json) },
    get("/jwks", "The public signing keys (RFC 7517)", Answers::Document("application/jwk-set+json")),
    get("/.well-known/openid-configuration", "What the service is (OpenID Connect Discovery)", Answers::Document("application/json")),
];

pub(super) fn describe(paths: PathsBuilder) -> PathsBuilder {
    ENDPOINTS.iter().fold(paths, |paths, endpoint| {
        let item = PathItem::new(endpoint.method.clone(), endpoint.operation());
        paths.path(endpoint.path, item)
    })
}

impl Endpoint {
    fn operation(&self) -> Operation {
        let mut operation = OperationBuilder::new()
            .tag("oauth")
            .summary(Some(self.summary));
        if let Some(scheme) = self.security {
            operation = operation.security(SecurityRequirement::new::<_, _, &str>(scheme, []));
        }
        operation = match self.takes {
            Takes::Form => operation.request_body(Some(body(
                "application/x-www-form-urlencoded",
                self.members(),
            ))),
            Takes::Json => operation.request_body(Some(body("application/json", self.members()))),
            Takes::Query => self.names.iter().fold(operation, |operation, name| {
                operation.parameter(parameter(name, ParameterIn::Query, Type::String))
            }),
        };
        self.answers.describe(operation).build()
    }

    fn members(&self) -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let mut object = ObjectBuilder::new().schema_type(Type::Object);
        for (at, name) in self.names.iter().enumerate() {
            let is_list = matches!(self.takes, Takes::Json) && *name == "resource";
            object = if is_list {
                object.property(*name, ArrayBuilder::new().items(text()))
            } else {
                object.property(*name, text())
            };
            if at < self.required {
                object = object.required(*name);
            }
        }
        object.into()
    }
}

impl Answers {
    fn describe(self, operation: OperationBuilder) -> OperationBuilder {
        let json = || described("an error (RFC 6749 §5.2)", "application/json", any());
        let bare = |what: &str| ResponseBuilder::new().description(what).build();
        match self {
            Self::Document(kind) => {
                operation.response("200", described("the document", kind, any()))
            }
            Self::Json => operation
                .response("200", described("done", "application/json", any()))
                // Without any token there is nothing to say but how to send one (RFC 6750 §3.1).
                .response("401", bare("who asks is not known"))
                .response("default", json()),
            Self::Nothing(status) => operation
                .response(status, bare("done"))
                .response("default", json()),
            Self::Page => operation
                .response("303", bare("where to go"))
                .response("default", described("a page", "text/html", any())),
            Self::Lines => operation
                .response("200", described("the log", "application/x-ndjson", any()))
                .response("401", bare("who asks is not known"))
                .response("default", json()),
        }
    }
}
