use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with all that could steer a terminal or deceive an eye written as `\u{...}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    replace(text, |out, c| match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    })
}

/// The same for JSON text, as `\uXXXX`: in sound JSON such characters only stand in strings, so
/// its meaning stays.
pub(crate) fn escape_json(json: &str) -> Cow<'_, str> {
    replace(json, |out, c| {
        // Line breaks between members are layout, not content.
        if c == '\n' {
            return out.push(c);
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

fn replace(text: &str, write: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_deceptive(c) {
            write(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Control characters (C0, DEL, C1), bidirectional overrides, what is invisible, line and
/// paragraph separators, tags, private use.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_overrides_are_written_out() {
        assert_eq!(visible("a\u{1b}[31mred\u{7}"), "a\\u{1b}[31mred\\u{7}");
        assert_eq!(visible("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(visible("user\u{202e}nimda"), "user\\u{202e}nimda");
        assert_eq!(
            visible("a\u{200b}b\u{2066}c\u{2028}d"),
            "a\\u{200b}b\\u{2066}c\\u{2028}d"
        );
        assert_eq!(visible("two\nlines\r\t"), "two\\nlines\\r\\t");
        assert_eq!(visible("\u{e0041}"), "\\u{e0041}");
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in ["", "plain", "Zoë 東京 🎫", "a\\u{1b}"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn json_stays_json() {
        assert_eq!(
            escape_json("{\n\"a\":\"\u{202e}\u{9b}\u{e0041}\"}"),
            "{\n\"a\":\"\\u202e\\u009b\\udb40\\udc41\"}"
        );
    }
}
