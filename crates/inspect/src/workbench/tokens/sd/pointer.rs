//! Names and JSON pointers (RFC 6901) of claims.

use jeton_jose::json::Value;

use crate::find::push_pointer;

/// A pointer as it is, or that of an outermost claim by its name.
pub(super) fn of(name_or_pointer: &str) -> String {
    if name_or_pointer.is_empty() || name_or_pointer.starts_with('/') {
        return name_or_pointer.to_owned();
    }
    let mut pointer = String::new();
    push_pointer(&mut pointer, name_or_pointer);
    pointer
}

/// Whether a value has something at a pointer.
pub(super) fn leads(root: Value<'_>, pointer: &str) -> bool {
    let mut at = root;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        let next = match (at.as_object(), at.as_array()) {
            (Some(object), _) => object.get(&name),
            (None, Some(array)) => index(&name).and_then(|index| array.get(index)),
            (None, None) => None,
        };
        match next {
            Some(value) => at = value,
            None => return false,
        }
    }
    true
}

/// The index of an element: digits without a leading zero (RFC 6901 §4).
fn index(name: &str) -> Option<usize> {
    let plain = name.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (name == "0" || !name.starts_with('0')))
        .then(|| name.parse().ok())
        .flatten()
}

/// The last token of a pointer, unescaped.
pub(super) fn last(pointer: &str) -> String {
    let token = pointer.rsplit('/').next().unwrap_or_default();
    token.replace("~1", "/").replace("~0", "~")
}
