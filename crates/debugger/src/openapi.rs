//! The API's description, in `OpenAPI` 3.1, from the types that read the requests.

use jeton_inspect::workbench::{self, OPERATIONS};
use jeton_problem::Problem;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi,
    OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
};

use crate::jwks::{FetchAnswer, FetchRequest};
use crate::operations::words;

/// The document, and the same as text.
pub(crate) struct Description {
    pub(crate) document: OpenApi,
    pub(crate) text: String,
}

/// What a path takes and gives.
struct Route<'r> {
    name: &'r str,
    summary: &'r str,
    example: &'r str,
    request: RefOr<Schema>,
    answer: RefOr<Schema>,
}

pub(crate) const ABOUT: &str = "The debugger's core over HTTP: the same questions and the same JSON as the \
                     command line with `--json`. A refusal is a problem body (RFC 9457) with a \
                     stable code. Nothing of a request is logged or kept.";

pub(crate) const FETCH: &str = "jwks/fetch";

impl Description {
    pub(crate) fn new() -> Self {
        let document = document();
        // What utoipa made of types is always JSON.
        let text = document.to_json().unwrap_or_default();
        Self { document, text }
    }
}

fn document() -> OpenApi {
    let mut schemas = Vec::new();
    let mut paths = PathsBuilder::new();
    for operation in OPERATIONS {
        let words = words(operation.name);
        let route = Route {
            name: operation.name,
            summary: words.map_or(operation.name, |words| words.summary),
            example: words.map_or("{}", |words| words.example),
            request: workbench::openapi::request(operation.name, &mut schemas)
                .unwrap_or_else(any_object),
            answer: any_object(),
        };
        paths = paths.path(path(route.name), route.item());
    }
    let fetch = Route {
        name: FETCH,
        summary: "Fetch a key set: the only call that leaves the machine",
        example: r#"{"url":"https://issuer.example/jwks.json","confirm_host":"issuer.example"}"#,
        request: reference::<FetchRequest>(&mut schemas),
        answer: reference::<FetchAnswer>(&mut schemas),
    };
    paths = paths.path(path(FETCH), fetch.item());
    reference::<Problem>(&mut schemas);
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    let info = InfoBuilder::new()
        .title("jeton")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license()));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components))
        .build()
}

fn license() -> utoipa::openapi::License {
    utoipa::openapi::LicenseBuilder::new()
        .name(env!("CARGO_PKG_LICENSE"))
        .identifier(Some(env!("CARGO_PKG_LICENSE")))
        .build()
}

pub(crate) fn path(name: &str) -> String {
    format!("/api/{name}")
}

impl Route<'_> {
    fn item(&self) -> PathItem {
        let example = self.example.parse().ok();
        let request = ContentBuilder::new()
            .schema(Some(self.request.clone()))
            .example(example)
            .build();
        let answer = Content::new(Some(self.answer.clone()));
        let refusal = Content::new(Some(Ref::from_schema_name(Problem::name())));
        let operation = OperationBuilder::new()
            .operation_id(Some(self.name.replace(['/', '-'], "_")))
            .tag(self.name.split('/').next().unwrap_or(self.name))
            .summary(Some(self.summary))
            .request_body(Some(
                RequestBodyBuilder::new()
                    .content("application/json", request)
                    .required(Some(Required::True))
                    .build(),
            ))
            .response(
                "200",
                ResponseBuilder::new()
                    .description("the answer, as the command line gives it with `--json`")
                    .content("application/json", answer)
                    .build(),
            )
            .response(
                "default",
                ResponseBuilder::new()
                    .description("why there is no answer")
                    .content(Problem::MEDIA_TYPE, refusal)
                    .build(),
            );
        PathItem::new(HttpMethod::Post, operation.build())
    }
}

/// Adds a type with those it is made of, and points to it.
fn reference<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> RefOr<Schema> {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    Ref::from_schema_name(T::name()).into()
}

fn any_object() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::Object).into()
}

#[cfg(test)]
mod tests;
