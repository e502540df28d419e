//! Undoes base64url and JSON as far as they go.

use jeton_jose::base64url::{self, ErrorKind};
use jeton_jose::json::{self, Document, Options};

/// What a text of base64url stands for.
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    /// The first thing that the canonical form does not have.
    pub(super) fault: Option<base64url::Error>,
    /// Whether it stops at the fault, rather than being written unusually.
    pub(super) stops: bool,
}

/// Decodes all that can be decoded: padding, white space, the standard alphabet and stray bits are
/// gone over, a foreign character ends it.
pub(super) fn base64(text: &str) -> Bytes {
    let fault = match base64url::decode(text) {
        Ok(bytes) => {
            return Bytes {
                bytes,
                fault: None,
                stops: false,
            };
        }
        Err(fault) => fault,
    };
    let (mut bytes, mut bits, mut pending) = (Vec::with_capacity(text.len() * 3 / 4), 0_u32, 0_u32);
    let mut symbols = 0_usize;
    let mut stop = None;
    for (at, byte) in text.bytes().enumerate() {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            b'=' | b' ' | b'\t'..=b'\r' => continue,
            0x80.. => {
                stop = Some((at, ErrorKind::NonAscii));
                break;
            }
            _ => {
                stop = Some((at, ErrorKind::Character));
                break;
            }
        };
        symbols += 1;
        bits = (bits << 6 | u32::from(sextet)) & 0xFFFF;
        pending += 6;
        if pending >= 8 {
            pending -= 8;
            bytes.extend(u8::try_from(bits >> pending & 0xFF));
        }
    }
    if stop.is_none() && symbols % 4 == 1 {
        stop = Some((text.len(), ErrorKind::Length));
    }
    Bytes {
        bytes,
        fault: Some(stop.map_or(fault, |(offset, kind)| base64url::Error { kind, offset })),
        stops: stop.is_some(),
    }
}

/// What would have been right where base64url breaks.
pub(super) const fn expected(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Length => "one to three characters more",
        ErrorKind::Padding => "the end of the part, without padding",
        ErrorKind::StandardAlphabet => "`-` for `+`, `_` for `/`",
        ErrorKind::TrailingBits => "a last character whose unused bits are zero",
        _ => "a letter, a digit, `-` or `_`",
    }
}

/// JSON text, read as far as it goes.
pub(super) struct Json<'b> {
    /// What could be read: all of it, or what precedes the fault, closed.
    pub(super) document: Option<Document<'b>>,
    pub(super) fault: Option<json::Error>,
}

/// Reads JSON; where it breaks, what precedes is closed and read again, at most twice.
pub(super) fn json(bytes: &[u8]) -> Json<'_> {
    let fault = match Document::parse(bytes, &Options::lossless()) {
        Ok(document) => {
            return Json {
                document: Some(document),
                fault: None,
            };
        }
        Err(fault) => fault,
    };
    let good = bytes
        .get(..fault.offset.min(bytes.len()))
        .unwrap_or_default();
    let document = closings(good)
        .into_iter()
        .flatten()
        .find_map(|closed| Document::from_vec(closed, &Options::lossless()).ok());
    Json {
        document,
        fault: Some(fault),
    }
}

/// What would have been right where JSON breaks.
pub(super) const fn expected_json(kind: json::ErrorKind) -> &'static str {
    match kind {
        json::ErrorKind::Expected(what) => what,
        json::ErrorKind::Utf8 => "UTF-8",
        json::ErrorKind::ByteOrderMark => "JSON without a byte order mark",
        json::ErrorKind::TooDeep(_) => "less nesting",
        json::ErrorKind::TooLarge(_) => "less text",
        _ => "JSON",
    }
}

/// The beginning of a JSON text with its open containers closed: once all of it, once without the
/// last, incomplete member.
fn closings(good: &[u8]) -> [Option<Vec<u8>>; 2] {
    let mut open = Vec::new();
    let mut complete = None;
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in good.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                open.push(if *byte == b'{' { b'}' } else { b']' });
                complete = Some((at + 1, open.len()));
            }
            b'}' | b']' => {
                open.pop();
                complete = Some((at + 1, open.len()));
            }
            b',' => complete = Some((at, open.len())),
            _ => {}
        }
    }
    // A number may have been cut in its middle, so it is left out.
    let whole = matches!(
        good.last(),
        Some(b'"' | b'}' | b']' | b'e' | b'l' | b' ' | b'\t' | b'\r' | b'\n')
    );
    let close = |upto: usize, depth: usize| {
        let mut text = good.get(..upto)?.to_vec();
        text.extend(open.iter().take(depth).rev());
        Some(text)
    };
    let all = (whole && !in_string)
        .then(|| close(good.len(), open.len()))
        .flatten();
    [all, complete.and_then(|(upto, depth)| close(upto, depth))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> (Option<String>, Option<usize>) {
        let json = json(text.as_bytes());
        (
            json.document.map(|document| document.text().to_owned()),
            json.fault.map(|fault| fault.offset),
        )
    }

    #[test]
    fn base64_is_decoded_up_to_the_break() {
        let cases = [
            ("aGVsbG8", "hello", None),
            ("aGVsbG8=", "hello", Some((7, ErrorKind::Padding, false))),
            ("aGVs bG8", "hello", Some((4, ErrorKind::WhiteSpace, false))),
            (
                "aGVsbG9",
                "hello",
                Some((6, ErrorKind::TrailingBits, false)),
            ),
            ("aGVsbG8*x", "hello", Some((7, ErrorKind::Character, true))),
            ("aGVsb", "hel", Some((5, ErrorKind::Length, true))),
            ("aGVséb", "hel", Some((4, ErrorKind::NonAscii, true))),
            ("", "", None),
        ];
        for (text, bytes, fault) in cases {
            let decoded = base64(text);
            assert_eq!(decoded.bytes, bytes.as_bytes(), "{text}");
            let seen = decoded
                .fault
                .map(|fault| (fault.offset, fault.kind, decoded.stops));
            assert_eq!(seen, fault, "{text}");
        }
        assert_eq!(base64("_-+/").bytes, [0xFF, 0xEF, 0xBF]);
    }

    #[test]
    fn json_is_read_up_to_the_break() {
        let cases = [
            (r#"{"a":1,"b":"x"}"#, Some(r#"{"a":1,"b":"x"}"#), None),
            (r#"{"a":1,"b":"x"#, Some(r#"{"a":1}"#), Some(13)),
            (r#"{"a":1,"b":"x""#, Some(r#"{"a":1,"b":"x"}"#), Some(14)),
            (r#"{"a":1,"b":12"#, Some(r#"{"a":1}"#), Some(13)),
            (r#"{"a":[1,2,x],"c":3}"#, Some(r#"{"a":[1,2]}"#), Some(10)),
            (
                r#"{"a":[1],"c":{"d":1}}x"#,
                Some(r#"{"a":[1],"c":{"d":1}}"#),
                Some(21),
            ),
            (
                r#"{"a":{"b":[]},"c":nul"#,
                Some(r#"{"a":{"b":[]}}"#),
                Some(21),
            ),
            (r#"{"a":1 "b":2}"#, Some(r#"{"a":1 }"#), Some(7)),
            ("{", Some("{}"), Some(1)),
            ("x", None, Some(0)),
            ("", None, Some(0)),
        ];
        for (text, read, at) in cases {
            assert_eq!(members(text), (read.map(str::to_owned), at), "{text}");
        }
    }
}
