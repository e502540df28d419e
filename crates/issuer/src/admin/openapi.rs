//! The service's description, in `OpenAPI` 3.1: the administration API from the types that read
//! its requests, and the OAuth endpoints with their forms.

mod endpoints;

use std::sync::OnceLock;

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use jeton_problem::Problem;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
    PathsBuilder,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, ContentBuilder, InfoBuilder, ObjectBuilder,
    OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};

use super::{
    apis, audit, clients, grants, groups, keys, revocations, roles, sessions, status, users,
};

const ABOUT: &str = "The token service. `/admin` is for access tokens of the resource \
                     `<issuer>/admin` with the scopes `admin:read` and `admin:write`; a refusal is \
                     a problem body (RFC 9457) with a stable code. The OAuth endpoints answer as \
                     their RFCs say.";

type Schemas = Vec<(String, RefOr<Schema>)>;
type Shape = fn(&mut Schemas) -> RefOr<Schema>;

/// An operation of the administration API.
struct Row {
    method: HttpMethod,
    path: &'static str,
    summary: &'static str,
    request: Option<Shape>,
    answer: Option<(&'static str, Shape)>,
}

const fn get(path: &'static str, summary: &'static str, answer: Shape) -> Row {
    Row {
        method: HttpMethod::Get,
        path,
        summary,
        request: None,
        answer: Some(("200", answer)),
    }
}

const fn send(
    method: HttpMethod,
    path: &'static str,
    summary: &'static str,
    request: Shape,
    answer: (&'static str, Shape),
) -> Row {
    Row {
        method,
        path,
        summary,
        request: Some(request),
        answer: Some(answer),
    }
}

const fn delete(path: &'static str, summary: &'static str) -> Row {
    Row {
        method: HttpMethod::Delete,
        path,
        summary,
        request: None,
        answer: None,
    }
}

/// Every operation, in the order of the page.
#[rustfmt::skip]
const OPERATIONS: &[Row] = &[
    get("/admin/status", "How the service is", one::<status::Status>),
    get("/admin/users", "The accounts, by username", many::<users::User>),
    send(HttpMethod::Post, "/admin/users", "Make an account", one::<users::NewUser>, ("201", one::<users::CreatedUser>)),
    get("/admin/users/{user}", "An account, by identifier, username or address", one::<users::User>),
    send(HttpMethod::Patch, "/admin/users/{user}", "Change an account", one::<users::UserChange>, ("200", one::<users::User>)),
    delete("/admin/users/{user}", "Delete an account with all that belongs to it"),
    Row { method: HttpMethod::Post, path: "/admin/users/{user}/password", summary: "A link to choose a password", request: Some(one::<users::NewPassword>), answer: Some(("201", one::<users::PasswordLink>)) },
    get("/admin/users/{user}/permissions", "What an account may do", one::<users::Entitled>),
    get("/admin/users/{user}/sessions", "Where somebody is signed in", many::<sessions::Shown>),
    Row { method: HttpMethod::Delete, path: "/admin/users/{user}/sessions", summary: "Sign somebody out everywhere", request: None, answer: Some(("200", one::<sessions::Ended>)) },
    get("/admin/users/{user}/grants", "What somebody allowed applications", many::<grants::Shown>),
    delete("/admin/users/{user}/grants/{client}", "Take back what somebody allowed an application"),
    delete("/admin/sessions/{session}", "End a session"),
    get("/admin/clients", "The applications, by identifier", many::<clients::Shown>),
    send(HttpMethod::Post, "/admin/clients", "Register an application", one::<clients::NewClient>, ("201", one::<clients::CreatedClient>)),
    get("/admin/clients/{client}", "An application", one::<clients::Shown>),
    send(HttpMethod::Patch, "/admin/clients/{client}", "Change an application", one::<clients::ClientChange>, ("200", one::<clients::Shown>)),
    delete("/admin/clients/{client}", "Delete an application; its tokens count no more"),
    send(HttpMethod::Post, "/admin/clients/{client}/secret", "Replace the secret of an application", one::<clients::NewSecret>, ("201", one::<clients::CreatedSecret>)),
    get("/admin/roles", "The roles", many::<roles::Shown>),
    get("/admin/roles/{role}", "A role", one::<roles::Shown>),
    send(HttpMethod::Put, "/admin/roles/{role}", "Make or replace a role", one::<roles::RoleContent>, ("200", one::<roles::Shown>)),
    delete("/admin/roles/{role}", "Delete a role"),
    get("/admin/groups", "The groups", many::<groups::Shown>),
    get("/admin/groups/{group}", "A group", one::<groups::Shown>),
    send(HttpMethod::Put, "/admin/groups/{group}", "Make or replace a group", one::<groups::GroupContent>, ("200", one::<groups::Shown>)),
    delete("/admin/groups/{group}", "Delete a group"),
    get("/admin/apis", "The APIs that tokens are issued for", many::<apis::Shown>),
    get("/admin/apis/{api}", "An API, by its resource indicator", one::<apis::Shown>),
    send(HttpMethod::Put, "/admin/apis/{api}", "Make or replace an API", one::<apis::ApiContent>, ("200", one::<apis::Shown>)),
    delete("/admin/apis/{api}", "Delete an API"),
    get("/admin/keys", "The signing keys with what they are now", many::<keys::Shown>),
    send(HttpMethod::Post, "/admin/keys/rotate", "Replace the signing keys", one::<keys::Rotation>, ("200", one::<keys::Rotated>)),
    Row { method: HttpMethod::Delete, path: "/admin/keys/{kid}", summary: "Revoke a signing key at once", request: None, answer: Some(("200", one::<keys::Rotated>)) },
    get("/admin/revocations", "The revocation log, after a sequence number", objects),
    send(HttpMethod::Post, "/admin/revocations", "Revoke a token, a session, an account or a client", one::<revocations::Wanted>, ("200", one::<revocations::Done>)),
    get("/admin/audit", "The audit log, after a sequence number", objects),
    get("/admin/audit/head", "The end of the audit log", one::<audit::End>),
];

/// Lists that are long and come in parts.
const IN_PARTS: [&str; 4] = [
    "/admin/users",
    "/admin/clients",
    "/admin/revocations",
    "/admin/audit",
];

/// The description as it is served.
pub(crate) async fn answer() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let mut response = TEXT.get_or_init(document).as_str().into_response();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn document() -> String {
    let mut schemas = Vec::new();
    let mut paths = PathsBuilder::new();
    for row in OPERATIONS {
        let operation = row.operation(&mut schemas);
        paths = paths.path(row.path, PathItem::new(row.method.clone(), operation));
    }
    paths = endpoints::describe(paths);
    one::<Problem>(&mut schemas);
    open_parts(&mut schemas);
    let info = InfoBuilder::new()
        .title("jeton token service")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT));
    let document = OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components(schemas)))
        .build();
    // What utoipa made of types is always JSON.
    document.to_json().unwrap_or_default()
}

/// A schema that others are made of takes their members as well.
fn open_parts(schemas: &mut Schemas) {
    let mut parts = Vec::new();
    for (_, schema) in schemas.iter() {
        if let RefOr::T(Schema::AllOf(all)) = schema {
            parts.extend(all.items.iter().filter_map(|part| match part {
                RefOr::Ref(part) => part.ref_location.rsplit('/').next().map(str::to_owned),
                RefOr::T(_) => None,
            }));
        }
    }
    for (name, schema) in schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && parts.contains(name)
        {
            object.additional_properties = None;
        }
    }
}

fn components(schemas: Schemas) -> Components {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT");
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic);
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("token", SecurityScheme::Http(bearer.build()))
        .security_scheme("client", SecurityScheme::Http(basic.build()))
        .build()
}

impl Row {
    fn operation(&self, schemas: &mut Schemas) -> Operation {
        let mut words = self.path.split('/').skip(2);
        let mut operation = OperationBuilder::new()
            .tag(words.next().unwrap_or("admin"))
            .summary(Some(self.summary))
            .security(SecurityRequirement::new("token", ["admin:write"]))
            .response(
                "default",
                described(
                    "why it is not done",
                    Problem::MEDIA_TYPE,
                    Ref::from_schema_name(Problem::name()).into(),
                ),
            );
        for name in named(self.path) {
            operation = operation.parameter(parameter(name, ParameterIn::Path, Type::String));
        }
        if matches!(self.method, HttpMethod::Get) && IN_PARTS.contains(&self.path) {
            operation = operation
                .parameter(parameter("after", ParameterIn::Query, Type::String))
                .parameter(parameter("limit", ParameterIn::Query, Type::Integer));
        }
        if matches!(self.method, HttpMethod::Patch) {
            operation =
                operation.parameter(parameter("If-Match", ParameterIn::Header, Type::String));
        }
        if let Some(request) = self.request {
            operation = operation.request_body(Some(body("application/json", request(schemas))));
        }
        let (status, answer) = match self.answer {
            Some((status, answer)) => {
                let content = described("done", "application/json", answer(schemas));
                (status, content)
            }
            None => ("204", ResponseBuilder::new().description("done").build()),
        };
        operation.response(status, answer).build()
    }
}

/// The names in braces.
fn named(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn parameter(name: &str, place: ParameterIn, kind: Type) -> Parameter {
    let is_path = matches!(place, ParameterIn::Path);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if is_path {
            Required::True
        } else {
            Required::False
        })
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .build()
}

fn body(kind: &str, schema: RefOr<Schema>) -> RequestBody {
    RequestBodyBuilder::new()
        .content(kind, ContentBuilder::new().schema(Some(schema)).build())
        .required(Some(Required::True))
        .build()
}

fn described(what: &str, kind: &str, schema: RefOr<Schema>) -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description(what)
        .content(kind, Content::new(Some(schema)))
        .build()
}

/// Adds a type with those it is made of, and points to it.
fn one<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    Ref::from_schema_name(T::name()).into()
}

fn many<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    list(one::<T>(schemas))
}

fn objects(_: &mut Schemas) -> RefOr<Schema> {
    list(any())
}

fn list(item: RefOr<Schema>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("items", ArrayBuilder::new().items(item))
        .required("items")
        .property("next", String::schema())
        .into()
}

fn any() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::Object).into()
}
