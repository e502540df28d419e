//! The requests described for the HTTP API, from the types that read them.
//!
//! A question's row stands here beside its row in [`OPERATIONS`](super::OPERATIONS).

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Ref, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{PolicyInput, Span, When, examples, jwks, keys, names, policies, tokens};

/// Schemas by their names.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// What describes a request: adds what it refers to, and points to it.
type Describe = fn(&str, &mut Schemas) -> RefOr<Schema>;

const REQUESTS: &[(&str, Describe)] = &[
    ("tokens/inspect", described::<tokens::inspect::Request>),
    ("tokens/verify", described::<tokens::verify::Request>),
    ("tokens/sign", described::<tokens::sign::Request>),
    ("tokens/diff", described::<tokens::diff::Request>),
    ("tokens/encrypt", described::<tokens::encrypt::Request>),
    ("tokens/decrypt", described::<tokens::decrypt::Request>),
    ("keys/generate", described::<keys::generate::Request>),
    ("keys/convert", described::<keys::convert::Request>),
    ("keys/inspect", described::<keys::inspect::Request>),
    ("jwks/inspect", described::<jwks::Request>),
    ("policies/show", described::<policies::Request>),
    ("names", described::<names::Request>),
    ("examples", described::<examples::Request>),
    ("tokens/sd-issue", described::<tokens::sd::issue::Request>),
    (
        "tokens/sd-present",
        described::<tokens::sd::present::Request>,
    ),
    ("tokens/sd-verify", described::<tokens::sd::verify::Request>),
];

/// The schema of a question's request, by reference; `schemas` gains what it refers to.
pub fn request(name: &str, schemas: &mut Schemas) -> Option<RefOr<Schema>> {
    let (_, describe) = REQUESTS.iter().find(|(known, _)| *known == name)?;
    Some(describe(name, schemas))
}

/// Every request type is called `Request`; here it is named after its question.
fn described<T: ToSchema>(name: &str, schemas: &mut Schemas) -> RefOr<Schema> {
    T::schemas(schemas);
    let name = format!("{}_request", name.replace(['/', '-'], "_"));
    schemas.push((name.clone(), T::schema()));
    Ref::from_schema_name(name).into()
}

fn text_or(other: Type, description: &str) -> RefOr<Schema> {
    let kind = |kind: Type| ObjectBuilder::new().schema_type(kind);
    OneOfBuilder::new()
        .item(kind(Type::String))
        .item(kind(other))
        .description(Some(description))
        .into()
}

impl PartialSchema for When {
    fn schema() -> RefOr<Schema> {
        text_or(
            Type::Number,
            "A time: RFC 3339, seconds since 1970, `now`, `+1h` or `-2d`.",
        )
    }
}

impl PartialSchema for Span {
    fn schema() -> RefOr<Schema> {
        text_or(Type::Number, "A duration: `30s`, or a number of seconds.")
    }
}

impl PartialSchema for PolicyInput {
    fn schema() -> RefOr<Schema> {
        text_or(
            Type::Object,
            "A policy: the name of a preset, a policy file's text, or the policy as an object.",
        )
    }
}

impl ToSchema for When {}
impl ToSchema for Span {}
impl ToSchema for PolicyInput {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::OPERATIONS;

    #[test]
    fn every_question_is_described() {
        for operation in OPERATIONS {
            let schema = request(operation.name, &mut Vec::new());
            assert!(schema.is_some(), "{}", operation.name);
        }
        assert_eq!(REQUESTS.len(), OPERATIONS.len());
    }
}
