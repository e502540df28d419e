//! The header parameters that the command line adds.

use jeton_jose::json::{Document, Options, Value};
use jeton_jose::jws::HeaderBuilder;
use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use super::claims::Pair;
use super::sign_failure;
use crate::failure::Failure;

pub(super) fn with_parameters(
    mut header: HeaderBuilder,
    parameters: &[Pair],
) -> Result<HeaderBuilder, Failure> {
    for (position, pair) in parameters.iter().enumerate() {
        if parameters
            .iter()
            .take(position)
            .any(|earlier| earlier.name == pair.name)
        {
            return Err(Failure::usage(format!(
                "the header parameter `{}` is given twice",
                pair.name
            )));
        }
        let refuse = |hint: &str| {
            Err(Failure::usage(format!(
                "the header parameter `{}` has its own option",
                pair.name
            ))
            .hint(hint))
        };
        match pair.name.as_str() {
            "alg" => return refuse("use --alg"),
            "typ" => return refuse("use --typ"),
            "kid" => return refuse("use --kid"),
            "b64" | "crit" => return refuse("use --b64-false"),
            _ => {}
        }
        let document = Document::parse(pair.json.as_bytes(), &Options::strict())
            .map_err(|error| Failure::coded(error.code(), error.to_string()))?;
        header = header
            .parameter(&pair.name, &Json(document.root()))
            .map_err(|error| sign_failure(&error))?;
    }
    Ok(header)
}

/// JSON of the command line for the header.
struct Json<'d>(Value<'d>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(object) = self.0.as_object() {
            let mut map = serializer.serialize_map(Some(object.len()))?;
            for member in object {
                map.serialize_entry(member.name, &Json(member.value))?;
            }
            return map.end();
        }
        if let Some(array) = self.0.as_array() {
            let mut list = serializer.serialize_seq(Some(array.len()))?;
            for element in array {
                list.serialize_element(&Json(element))?;
            }
            return list.end();
        }
        if let Some(text) = self.0.as_str() {
            return serializer.serialize_str(text);
        }
        if let Some(number) = self.0.as_number() {
            return match number.to_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None => Err(S::Error::custom(
                    "a number in the header must be an integer",
                )),
            };
        }
        match self.0.as_bool() {
            Some(boolean) => serializer.serialize_bool(boolean),
            None => serializer.serialize_unit(),
        }
    }
}
