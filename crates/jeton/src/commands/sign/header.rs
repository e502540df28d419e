//! The header that the command line asks for.

use super::claims::Pair;
use crate::failure::Failure;
use crate::json_text::{Object, string};

/// The JSON text; `alg` and the key's `kid` are added when it is signed.
pub(super) fn compose(
    typ: Option<&str>,
    key_id: Option<&str>,
    parameters: &[Pair],
) -> Result<String, Failure> {
    let mut header = Object::new();
    for (name, value) in [("typ", typ), ("kid", key_id)] {
        if let Some(value) = value {
            header.raw(name, &string(value));
        }
    }
    for (position, pair) in parameters.iter().enumerate() {
        let mut earlier = parameters.iter().take(position);
        if earlier.any(|earlier| earlier.name == pair.name) {
            return Err(Failure::usage(format!(
                "the header parameter `{}` is given twice",
                pair.name
            )));
        }
        let option = match pair.name.as_str() {
            "alg" => Some("--alg"),
            "typ" => Some("--typ"),
            "kid" => Some("--kid"),
            "b64" | "crit" => Some("--b64-false"),
            _ => None,
        };
        if let Some(option) = option {
            return Err(Failure::usage(format!(
                "the header parameter `{}` has its own option",
                pair.name
            ))
            .hint(format!("use {option}")));
        }
        header.raw(&pair.name, &pair.json);
    }
    Ok(header.finish())
}
