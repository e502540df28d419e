//! The API's description, for machines and for people: a page of our own, made from the document.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{Redirect, Response};
use http::{HeaderValue, header};
use jeton_inspect::workbench::OPERATIONS;
use jeton_jose::Code;
use jeton_keys::FetchCode;
use jeton_problem::{Coded, RequestCode};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ArrayItems, Object, SchemaType};
use utoipa::openapi::{Content, OpenApi, RefOr, Schema};

use crate::config::Workshop;
use crate::jwks::OfFetch;
use crate::{api, openapi};

const STYLE: &str = include_str!("reference.css");

pub(crate) async fn home() -> Redirect {
    Redirect::permanent("/api/")
}

pub(crate) async fn document(State(workshop): State<Arc<Workshop>>) -> Response {
    api::json(workshop.description.text.clone())
}

pub(crate) async fn style() -> Response {
    text("text/css; charset=utf-8", STYLE)
}

pub(crate) async fn page(State(workshop): State<Arc<Workshop>>) -> Response {
    let page = write_page(&workshop.description.document, workshop.takes_secrets);
    text("text/html; charset=utf-8", page)
}

fn text(kind: &'static str, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The page. Everything in it comes from this program; it is escaped all the same.
fn write_page(document: &OpenApi, takes_secrets: bool) -> String {
    let secrets = if takes_secrets {
        "This server takes secrets and private keys."
    } else {
        "This server is not on a loopback address: it refuses requests that carry secrets or \
         private keys, or ask for some."
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>jeton: the HTTP API</title>\n<link rel=\"stylesheet\" href=\"/api/style.css\">\n\
         <header><h1>jeton: the HTTP API</h1><p>{}</p><p>{secrets}</p>\
         <p><a href=\"/debugger/\">The debugger</a> · <a href=\"/api/openapi.json\">OpenAPI 3.1\
         </a></p></header>\n<main>\n",
        escape(openapi::ABOUT)
    );
    write_contents(&mut page);
    for name in names() {
        if let Some(operation) = operation(document, name) {
            write_operation(&mut page, document, name, operation);
        }
    }
    write_codes(&mut page);
    page.push_str("</main>\n</html>\n");
    page
}

/// Every call, in the order of the page.
fn names() -> impl Iterator<Item = &'static str> {
    let of_workbench = OPERATIONS.iter().map(|operation| operation.name);
    of_workbench.chain([openapi::FETCH])
}

fn operation<'d>(document: &'d OpenApi, name: &str) -> Option<&'d Operation> {
    let item = document.paths.get_path_item(openapi::path(name))?;
    item.post.as_ref()
}

fn write_contents(page: &mut String) {
    page.push_str("<nav aria-label=\"Calls\"><ul>\n");
    for name in names() {
        writeln!(
            page,
            "<li><a href=\"#{}\"><code>{name}</code></a></li>",
            anchor(name)
        )
        .ok();
    }
    page.push_str("<li><a href=\"#codes\">Codes of refusals</a></li>\n</ul></nav>\n");
}

fn write_operation(page: &mut String, document: &OpenApi, name: &str, operation: &Operation) {
    let summary = operation.summary.as_deref().unwrap_or_default();
    writeln!(
        page,
        "<section id=\"{}\"><h2><span class=\"method\">POST</span> <code>/api/{name}</code></h2>\
         <p>{}.</p>",
        anchor(name),
        escape(summary)
    )
    .ok();
    let content = request_content(operation);
    let schema = content.and_then(|content| content.schema.as_ref());
    if let Some(object) = schema.and_then(|schema| object(document, schema)) {
        write_members(page, document, object, 0);
    }
    if let Some(example) = content.and_then(|content| content.example.as_ref()) {
        let example = serde_text(example);
        writeln!(
            page,
            "<pre><code>curl http://127.0.0.1:7519/api/{name} \\\n  --json '{}'</code></pre>",
            escape(&example)
        )
        .ok();
    }
    page.push_str("</section>\n");
}

fn request_content(operation: &Operation) -> Option<&Content> {
    let RefOr::T(body) = operation.request_body.as_ref()? else {
        return None;
    };
    match body.content.get("application/json")? {
        RefOr::T(content) => Some(content),
        RefOr::Ref(_) => None,
    }
}

/// `Value` writes itself as JSON.
fn serde_text(value: &impl core::fmt::Display) -> String {
    value.to_string().replace('\'', "'\\''")
}

/// The table of an object's members; those of a member that is an object itself stand below it.
fn write_members(page: &mut String, document: &OpenApi, of: &Object, depth: usize) {
    if of.properties.is_empty() {
        if depth == 0 {
            page.push_str("<p>The request is an empty object.</p>\n");
        }
        return;
    }
    page.push_str("<dl>\n");
    for (name, schema) in &of.properties {
        let needed = if of.required.contains(name) {
            ""
        } else {
            " <em>optional</em>"
        };
        let description = description(document, schema);
        write!(
            page,
            "<dt><code>{}</code> <span>{}</span>{needed}</dt><dd>{}",
            escape(name),
            escape(&kind(document, schema)),
            marked(&description)
        )
        .ok();
        if let Some(inner) = object(document, schema).filter(|_| depth < 2) {
            write_members(page, document, inner, depth + 1);
        }
        page.push_str("</dd>\n");
    }
    page.push_str("</dl>\n");
}

/// The schema behind a reference.
fn target<'d>(document: &'d OpenApi, schema: &'d RefOr<Schema>) -> Option<&'d Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next()?;
            match document.components.as_ref()?.schemas.get(name)? {
                RefOr::T(schema) => Some(schema),
                RefOr::Ref(_) => None,
            }
        }
    }
}

/// The one object that a schema stands for, or that an optional member or a list is made of.
fn object<'d>(document: &'d OpenApi, schema: &'d RefOr<Schema>) -> Option<&'d Object> {
    match target(document, schema)? {
        Schema::Object(object) => Some(object),
        Schema::OneOf(choice) => choice
            .items
            .iter()
            .find_map(|item| object(document, item).filter(|found| !found.properties.is_empty())),
        Schema::Array(array) => match &array.items {
            ArrayItems::RefOrSchema(item) => object(document, item),
            ArrayItems::False => None,
        },
        _ => None,
    }
}

fn kind(document: &OpenApi, schema: &RefOr<Schema>) -> String {
    match target(document, schema) {
        Some(Schema::Object(object)) => match &object.enum_values {
            Some(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                values.join(", ")
            }
            None => type_name(&object.schema_type),
        },
        Some(Schema::OneOf(choice)) => {
            let kinds = choice.items.iter().map(|item| kind(document, item));
            let kinds: Vec<String> = kinds.filter(|kind| kind != "null").collect();
            kinds.join(" or ")
        }
        Some(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(item) => {
                format!("list of {}", kind(document, item))
            }
            ArrayItems::False => "list".to_owned(),
        },
        _ => "any".to_owned(),
    }
}

fn type_name(of: &SchemaType) -> String {
    let name =
        |of: &utoipa::openapi::schema::Type| serde_json_name(of).trim_matches('"').to_owned();
    match of {
        SchemaType::Type(of) => name(of),
        SchemaType::Array(of) => {
            let names: Vec<String> = of.iter().map(name).filter(|name| name != "null").collect();
            names.join(" or ")
        }
        SchemaType::AnyValue => "any".to_owned(),
    }
}

/// A type writes itself as it stands in the document.
fn serde_json_name(of: &utoipa::openapi::schema::Type) -> String {
    jeton_jose::json::to_string(of).unwrap_or_default()
}

fn description(document: &OpenApi, schema: &RefOr<Schema>) -> String {
    let own = match schema {
        RefOr::Ref(reference) => Some(reference.description.clone()),
        RefOr::T(_) => None,
    };
    if let Some(own) = own.filter(|own| !own.is_empty()) {
        return own;
    }
    let described = match target(document, schema) {
        Some(Schema::Object(object)) => object.description.as_deref(),
        Some(Schema::OneOf(choice)) => choice.description.as_deref(),
        Some(Schema::Array(array)) => array.description.as_deref(),
        _ => None,
    };
    described.unwrap_or_default().to_owned()
}

fn write_codes(page: &mut String) {
    page.push_str(
        "<section id=\"codes\"><h2>Codes of refusals</h2>\
         <p>The <code>code</code> of a problem body never changes its meaning.</p>\n<dl>\n",
    );
    let of_request = RequestCode::ALL.iter().map(|code| code as &dyn Coded);
    let of_fetch: Vec<OfFetch> = FetchCode::ALL.iter().map(|code| OfFetch(*code)).collect();
    let of_fetch = of_fetch.iter().map(|code| code as &dyn Coded);
    let of_core = Code::ALL.iter().map(|code| code as &dyn Coded);
    for coded in of_request.chain(of_fetch).chain(of_core) {
        writeln!(
            page,
            "<dt id=\"code-{0}\"><code>{0}</code></dt><dd>{1} {2}</dd>",
            coded.code(),
            marked(coded.cause()),
            marked(coded.remedy())
        )
        .ok();
    }
    page.push_str("</dl></section>\n");
}

fn anchor(name: &str) -> String {
    name.replace('/', "-")
}

/// Text with `code` between backquotes.
fn marked(text: &str) -> String {
    let mut html = String::new();
    for (position, part) in text.split('`').enumerate() {
        if position % 2 == 1 {
            write!(html, "<code>{}</code>", escape(part)).ok();
        } else {
            html.push_str(&escape(part));
        }
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::Description;

    #[test]
    fn the_page_has_every_call_and_every_code() {
        let page = write_page(&Description::new().document, true);
        for name in names() {
            assert!(
                page.contains(&format!("<code>/api/{name}</code>")),
                "{name}"
            );
        }
        for code in Code::ALL {
            assert!(page.contains(&format!("id=\"code-{code}\"")), "{code}");
        }
        assert!(
            page.contains("<code>signature_only</code> <span>boolean</span>"),
            "{page}"
        );
        assert!(page.contains("<dt><code>passphrase</code>"));
        assert!(page.contains("This server takes secrets"));
        assert!(write_page(&Description::new().document, false).contains("refuses requests"));
    }

    #[test]
    fn the_page_asks_nobody_else_and_runs_nothing() {
        let page = write_page(&Description::new().document, true);
        for word in [
            "<script", "<style", "style=", "src=", "@import", "onclick", "<iframe",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        let links = page
            .match_indices("href=\"")
            .map(|(at, word)| &page[at + word.len()..]);
        for link in links {
            assert!(link.starts_with(['/', '#']), "{}", &link[..20]);
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            marked("a `<b>` \"c\" & d"),
            "a <code>&lt;b&gt;</code> &quot;c&quot; &amp; d"
        );
    }
}
