//! Writing JSON text: strings, and values of a document laid out anew.

use super::string::plain;
use super::value::{Kind, Value};

/// A value with two-space indentation. Order, duplicate names, numbers and the escapes of strings
/// stay as they are. A line can grow by twice the depth of nesting.
pub fn pretty(value: Value<'_>) -> String {
    let mut out = String::with_capacity(value.source().len() * 2);
    layout(value, Some(0), &mut out);
    out
}

/// A value without insignificant white space; all else stays as it is.
pub fn compact(value: Value<'_>) -> String {
    let mut out = String::with_capacity(value.source().len());
    layout(value, None, &mut out);
    out
}

/// Appends a string in quotes. Escaped are the quote, the backslash and control characters.
pub fn write_string(out: &mut String, contents: &str) {
    let bytes = contents.as_bytes();
    let mut from = 0;
    out.push('"');
    loop {
        let end = plain(bytes, from);
        out.push_str(contents.get(from..end).unwrap_or_default());
        let Some(byte) = bytes.get(end) else { break };
        write_escape(out, *byte);
        from = end + 1;
    }
    out.push('"');
}

fn write_escape(out: &mut String, byte: u8) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        8 => out.push_str("\\b"),
        12 => out.push_str("\\f"),
        _ => {
            out.push_str(if byte < 16 { "\\u000" } else { "\\u001" });
            out.push(char::from_digit(u32::from(byte % 16), 16).unwrap_or('0'));
        }
    }
}

/// Recursion is bounded by the depth that the reader admits. `indent` is the depth, if lines are
/// broken.
fn layout(value: Value<'_>, indent: Option<usize>, out: &mut String) {
    let inner = indent.map(|depth| depth + 1);
    let brackets = match value.kind() {
        Kind::Array => ['[', ']'],
        Kind::Object => ['{', '}'],
        _ => return out.push_str(value.source()),
    };
    let mut first = true;
    out.push(brackets[0]);
    let mut separate = |out: &mut String| {
        if !core::mem::take(&mut first) {
            out.push(',');
        }
        new_line(inner, out);
    };
    for element in value.as_array().into_iter().flatten() {
        separate(out);
        layout(element, inner, out);
    }
    for member in value.as_object().into_iter().flatten() {
        separate(out);
        out.push_str(member.name_source());
        out.push_str(if indent.is_some() { ": " } else { ":" });
        layout(member.value, inner, out);
    }
    if !first {
        new_line(indent, out);
    }
    out.push(brackets[1]);
}

fn new_line(indent: Option<usize>, out: &mut String) {
    if let Some(depth) = indent {
        out.push('\n');
        out.extend(core::iter::repeat_n("  ", depth));
    }
}
