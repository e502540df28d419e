use super::*;

#[test]
fn accepts() {
    for text in [
        "null",
        "true",
        " false\r\n",
        "\t0 ",
        "-0",
        "-0.0e-0",
        "1E+2",
        "123456789012345678901234567890",
        "0.1e1",
        r#""""#,
        "[]",
        "[ ]",
        "{}",
        "{\n}",
        "[[],[[]],{}]",
        "[1 , 2\t,\r3\n]",
        r#"{"":0}"#,
        r#"{"a":{"b":[{"c":null}]}}"#,
        r#""\"\\\/\b\f\n\r\t\u0000\uFFFF\uabCD""#,
        r#""\ud83d\ude00 \uD834\uDD1E""#,
        "\"\u{7F}\u{80}\u{2028}\u{FEFF}\u{FFFF}\u{10FFFF}\"",
        "[\"\u{FEFF}\"]",
        r#"["a]","b}","c,","\"d"]"#,
    ] {
        for options in &ALL {
            assert!(
                Document::parse(text.as_bytes(), options).is_ok(),
                "{text:?}"
            );
        }
    }
}

#[test]
fn refuses_with_place_and_expectation() {
    let (name, first_name) = (
        "a member name in double quotes",
        "a member name in double quotes or `}`",
    );
    for (text, offset, expected) in [
        ("", 0, "a value"),
        (" \n", 2, "a value"),
        ("[", 1, "a value or `]`"),
        ("[1", 2, "`,` or `]`"),
        ("[1,", 3, "a value"),
        ("[1,]", 3, "a value"),
        ("[,1]", 1, "a value or `]`"),
        ("[1,,2]", 3, "a value"),
        ("[1 2]", 3, "`,` or `]`"),
        ("[1}", 2, "`,` or `]`"),
        ("[}", 1, "a value or `]`"),
        ("]", 0, "a value"),
        ("{", 1, first_name),
        ("{]", 1, first_name),
        ("{,", 1, first_name),
        ("{a:1}", 1, first_name),
        ("{'a':1}", 1, first_name),
        ("{1:1}", 1, first_name),
        (r#"{"a"}"#, 4, "`:` after the member name"),
        (r#"{"a" 1}"#, 5, "`:` after the member name"),
        (r#"{"a":}"#, 5, "a value"),
        (r#"{"a"::1}"#, 5, "a value"),
        (r#"{"a":1"#, 6, "`,` or `}`"),
        (r#"{"a":1]"#, 6, "`,` or `}`"),
        (r#"{"a":1 "b":2}"#, 7, "`,` or `}`"),
        (r#"{"a":1,}"#, 7, name),
        (r#"{"a":1,,"b":2}"#, 7, name),
        (r#"{"a":1,2}"#, 7, name),
        (r#"{"a":[}"#, 6, "a value or `]`"),
        ("{} {}", 3, "end of text"),
        ("1 1", 2, "end of text"),
        ("[]]", 2, "end of text"),
        ("{}\0", 2, "end of text"),
        ("null//", 4, "end of text"),
        ("/* */ 1", 0, "a value"),
        ("# 1", 0, "a value"),
        ("True", 0, "a value"),
        ("tru", 3, "`true`"),
        ("trux", 3, "`true`"),
        ("fals3", 4, "`false`"),
        ("nul", 3, "`null`"),
        ("nulll", 4, "end of text"),
        ("NaN", 0, "a value"),
        ("nan", 1, "`null`"),
        ("Infinity", 0, "a value"),
        ("undefined", 0, "a value"),
        ("\u{B}1", 0, "a value"),
        ("\u{A0}1", 0, "a value"),
        ("[\u{C}]", 1, "a value or `]`"),
        ("1\u{2028}", 1, "end of text"),
    ] {
        for options in &ALL {
            assert_eq!(
                refused(text, options),
                (ErrorKind::Expected(expected), offset),
                "{text:?}"
            );
        }
    }
}

#[test]
fn refuses_numbers() {
    for (text, offset, expected) in [
        ("-", 1, "a digit"),
        ("--1", 1, "a digit"),
        ("-a", 1, "a digit"),
        ("-Infinity", 1, "a digit"),
        ("+1", 0, "a value"),
        (".5", 0, "a value"),
        ("-.5", 1, "a digit"),
        ("1.", 2, "a digit"),
        ("1.e1", 2, "a digit"),
        ("1..2", 2, "a digit"),
        ("1.2.3", 3, "end of text"),
        ("1e", 2, "a digit"),
        ("1e+", 3, "a digit"),
        ("1e+-1", 3, "a digit"),
        ("1e1.5", 3, "end of text"),
        ("1e1e1", 3, "end of text"),
        ("00", 1, "no digit after a leading zero"),
        ("01", 1, "no digit after a leading zero"),
        ("-012", 2, "no digit after a leading zero"),
        ("0x1F", 1, "end of text"),
        ("1_000", 1, "end of text"),
        ("1n", 1, "end of text"),
        ("\u{FF11}", 0, "a value"),
        ("1\u{660}", 1, "end of text"),
    ] {
        for options in &ALL {
            assert_eq!(
                refused(text, options),
                (ErrorKind::Expected(expected), offset),
                "{text:?}"
            );
        }
    }
}

#[test]
fn refuses_strings() {
    let (escape, hex) = (
        "one of `\"\\/bfnrtu` after `\\`",
        "four hexadecimal digits after `\\u`",
    );
    let control = "an escape in place of a control character";
    for (text, offset, expected) in [
        ("\"", 1, "a closing quote"),
        ("\"abcdefghijk", 12, "a closing quote"),
        (r#""abc\""#, 6, "a closing quote"),
        (r#""\"#, 2, escape),
        (r#""\x41""#, 2, escape),
        (r#""\a""#, 2, escape),
        (r#""\'""#, 2, escape),
        (r#""\U0041""#, 2, escape),
        (r#""\u""#, 3, hex),
        (r#""\u12""#, 5, hex),
        (r#""\u123g""#, 6, hex),
        (r#""\u+123""#, 3, hex),
        (r#""\u 123""#, 3, hex),
        (r#""\u{41}""#, 3, hex),
        (r#""\ud800\u12""#, 11, hex),
        ("\"a\tb\"", 2, control),
        ("\"abcdefgh\nb\"", 9, control),
        ("\"\0\"", 1, control),
        ("\"\\n\u{1F}\"", 3, control),
        ("\"\\\n\"", 2, escape),
        ("\"\\é\"", 2, escape),
    ] {
        for options in &ALL {
            assert_eq!(
                refused(text, options),
                (ErrorKind::Expected(expected), offset),
                "{text:?}"
            );
        }
    }
}

#[test]
fn every_control_character_at_every_place_of_a_word() {
    for byte in 0..0x20u8 {
        for before in 0..20 {
            let text = format!("\"{}{}rest of it\"", "x".repeat(before), char::from(byte));
            let expected = ErrorKind::Expected("an escape in place of a control character");
            assert_eq!(refused(text, &Options::lossless()), (expected, before + 1));
        }
    }
}

#[test]
fn lone_surrogates() {
    let high = ErrorKind::Expected("the escape of a high surrogate before a low one");
    let low = ErrorKind::Expected("the escape of a low surrogate after a high one");
    for (text, kind, offset, kept) in [
        (r#""\ud800""#, low, 7, "\u{FFFD}"),
        (r#""\uDBFFx""#, low, 7, "\u{FFFD}x"),
        (r#""a\udc00""#, high, 2, "a\u{FFFD}"),
        (r#""\ude00\ud83d""#, high, 1, "\u{FFFD}\u{FFFD}"),
        (r#""\ud800\ud800""#, low, 7, "\u{FFFD}\u{FFFD}"),
        (r#""\ud800\u0041""#, low, 7, "\u{FFFD}A"),
        (r#""\ud800\n""#, low, 7, "\u{FFFD}\n"),
        (r#""\ud83d\ud83d\ude00""#, low, 7, "\u{FFFD}\u{1F600}"),
    ] {
        assert_eq!(refused(text, &Options::strict()), (kind, offset), "{text}");
        assert_eq!(refused(text, &Options::claims()), (kind, offset), "{text}");
        assert_eq!(lossless(text).root().as_str(), Some(kept), "{text}");
    }
}

#[test]
fn attack_43_invalid_utf8_and_byte_order_marks() {
    for options in &ALL {
        for (text, offset) in [
            (&b"{\"a\":\"\xFF\"}"[..], 6),
            (b"\"\xC0\xAF\"", 1),
            (b"\"\xC1\x81\"", 1),
            (b"\"\xE0\x80\xAF\"", 1),
            (b"\"\xED\xA0\x80\"", 1),
            (b"\"\xF4\x90\x80\x80\"", 1),
            (b"\"ab\xE2\x82\"", 3),
            (b"\"ab\xE2\x82", 3),
            (b"[]\x80", 2),
            (b"\xFE\xFF\0[\0]", 0),
            (b"\xFF\xFE[\0]\0", 0),
        ] {
            assert_eq!(
                refused(text, options),
                (ErrorKind::Utf8, offset),
                "{text:?}"
            );
        }
        assert_eq!(
            refused("\u{FEFF}{}", options),
            (ErrorKind::ByteOrderMark, 0)
        );
        assert_eq!(refused("\u{FEFF}", options), (ErrorKind::ByteOrderMark, 0));
        assert_eq!(
            refused(" \u{FEFF}{}", options),
            (ErrorKind::Expected("a value"), 1)
        );
        assert_eq!(
            refused(b"[\0]\0", options),
            (ErrorKind::Expected("a value or `]`"), 1)
        );
    }
}

#[test]
fn codes_and_messages() {
    let code = |text: &[u8], options| Document::parse(text, &options).unwrap_err().code();
    let tiny = Options {
        max_depth: 1,
        max_len: 12,
        ..Options::strict()
    };
    assert_eq!(code(b"[", tiny), Code::JsonInvalid);
    assert_eq!(code(b"\xFF", tiny), Code::JsonInvalid);
    assert_eq!(code(b"[[", tiny), Code::JsonTooDeep);
    assert_eq!(code(b"             ", tiny), Code::JsonTooLarge);
    assert_eq!(code(br#"{"":1,"":2}"#, tiny), Code::JsonDuplicateName);
    let error = Document::parse(b"[1 2]", &tiny).unwrap_err();
    assert_eq!(error.to_string(), "expected `,` or `]` at byte 3");
}
