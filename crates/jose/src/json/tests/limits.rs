use super::*;

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn attack_31_depth_is_counted_exactly() {
    for options in ALL {
        let depth = options.max_depth;
        assert!(Document::parse(nested(depth).as_bytes(), &options).is_ok());
        assert_eq!(
            refused(nested(depth + 1), &options),
            (ErrorKind::TooDeep(depth), depth),
            "the bracket that is one too many"
        );
        let objects = r#"{"a":"#.repeat(depth + 1);
        assert_eq!(
            refused(objects, &options),
            (ErrorKind::TooDeep(depth), depth * 5)
        );
    }
    let flat = Options {
        max_depth: 0,
        ..Options::strict()
    };
    assert!(Document::parse(b"\"scalar\"", &flat).is_ok());
    assert_eq!(refused("[]", &flat), (ErrorKind::TooDeep(0), 0));
}

#[test]
fn attack_31_no_option_lifts_the_cap() {
    let deepest = Options {
        max_depth: usize::MAX,
        max_len: usize::MAX,
        ..Options::lossless()
    };
    let text = nested(Options::DEPTH_CAP);
    let document = Document::parse(text.as_bytes(), &deepest).unwrap();
    assert_eq!(compact(document.root()), text);
    assert!(
        document
            .root()
            .equals(parse_with(&pretty(document.root()), &deepest).root())
    );
    assert_eq!(
        refused(nested(129), &deepest),
        (ErrorKind::TooDeep(128), 128)
    );
    assert_eq!(
        refused("[".repeat(5_000_000), &deepest),
        (ErrorKind::TooDeep(128), 128)
    );
    let objects = r#"{"":["#.repeat(1_000_000);
    assert_eq!(
        refused(objects, &deepest),
        (ErrorKind::TooDeep(128), 64 * 5)
    );
}

fn parse_with<'a>(text: &'a str, options: &Options) -> Document<'a> {
    Document::parse(text.as_bytes(), options).unwrap()
}

#[test]
fn depth_is_nesting_not_count() {
    let siblings = format!("[{}[]]", "[],{\"a\":[]},".repeat(1000));
    let shallow = Options {
        max_depth: 3,
        ..Options::strict()
    };
    assert_eq!(
        parse_with(&siblings, &shallow)
            .root()
            .as_array()
            .unwrap()
            .len(),
        2001
    );
}

#[test]
fn length_comes_first() {
    let short = Options {
        max_len: 4,
        ..Options::strict()
    };
    assert!(Document::parse(b"1234", &short).is_ok());
    assert_eq!(refused("12345", &short), (ErrorKind::TooLarge(4), 4));
    assert_eq!(
        refused(b"\xFF\xFF\xFF\xFF\xFF", &short),
        (ErrorKind::TooLarge(4), 4)
    );
    assert_eq!(Options::default(), Options::strict());
}

#[test]
fn attack_42_duplicates_at_the_top() {
    for (text, offset) in [
        (r#"{"a":1,"a":2}"#, 7),
        (r#"{"a":1,"a":1}"#, 7),
        (r#"{"a":1,"\u0061":2}"#, 7),
        (r#"{"\u0061":1,"b":0,"a":2}"#, 18),
        (r#"{"":1,"":2}"#, 6),
        (r#"{"é":1,"\u00e9":2}"#, 8),
        (r#"{"\/":1,"/":2}"#, 8),
        (r#"{"😀":1,"\ud83d\ude00":2}"#, 10),
        (r#"{"x":[{"y":1}],"y":1,"x":{}}"#, 21),
        (r#"{"longer than eight":1,"longer than eight":2}"#, 23),
        (r#"{"a":1,"b":2,"b":3,"a":4}"#, 13),
    ] {
        for options in [Options::strict(), Options::claims()] {
            assert_eq!(
                refused(text, &options),
                (ErrorKind::DuplicateName, offset),
                "{text}"
            );
        }
        assert!(Document::parse(text.as_bytes(), &Options::lossless()).is_ok());
    }
}

#[test]
fn attack_42_duplicates_below() {
    for (text, offset) in [
        (r#"{"x":{"a":1,"a":2}}"#, 12),
        (r#"[{"a":1,"a":2}]"#, 8),
        (r#"{"jwk":{"a":[{"b":{"c":0,"\u0063":1}}]}}"#, 25),
    ] {
        assert_eq!(
            refused(text, &Options::strict()),
            (ErrorKind::DuplicateName, offset)
        );
        assert!(Document::parse(text.as_bytes(), &Options::claims()).is_ok());
        assert!(Document::parse(text.as_bytes(), &Options::lossless()).is_ok());
    }
}

#[test]
fn names_that_only_look_alike_are_no_duplicates() {
    for text in [
        r#"{"a":1,"A":2,"a ":3," a":4,"a\u0000":5,"":6}"#,
        r#"{"a":{"a":{"a":1}}}"#,
        r#"[{"a":1},{"a":2}]"#,
        r#"{"a\"":1,"a":2,"a\\":3}"#,
        // é as one character and as two.
        "{\"\u{E9}\":1,\"e\u{301}\":2}",
        r#"{"claim_01":1,"claim_02":2,"xlaim_01":3,"claim_01_":4,"claim_":5}"#,
        r#"{"prefix_1_suffix_":1,"prefix_2_suffix_":2}"#,
    ] {
        parse(text);
    }
}

#[test]
fn attack_42_the_second_of_many() {
    for count in 2..80 {
        for second in [1, count / 2, count - 1]
            .into_iter()
            .filter(|second| *second > 0)
        {
            let name = |at| {
                if at == second {
                    "\\u006e0".into()
                } else {
                    format!("n{at}")
                }
            };
            let members: Vec<_> = (0..count)
                .map(|at| format!(r#""{}":[{{"n":{at}}}]"#, name(at)))
                .collect();
            let text = format!("{{{}}}", members.join(","));
            let offset = text.find("\"\\u006e0\"").unwrap();
            assert_eq!(
                refused(&text, &Options::strict()),
                (ErrorKind::DuplicateName, offset)
            );
            let unique = text.replace("\\u006e0", "other");
            parse(&unique);
        }
    }
}

#[test]
fn many_members_are_not_quadratic() {
    let long = "common beginning of a rather long member name ".repeat(3);
    let members: Vec<_> = (0..120_000).map(|at| format!("\"{long}{at}\":0")).collect();
    let text = format!("{{{}}}", members.join(","));
    let options = Options {
        max_len: 1 << 26,
        ..Options::strict()
    };
    let document = parse_with(&text, &options);
    let reversed: Vec<_> = members.iter().rev().cloned().collect();
    let reversed = format!("{{{}}}", reversed.join(","));
    assert!(
        document
            .root()
            .equals(parse_with(&reversed, &options).root())
    );
    let twice = format!("{},{}}}", text.trim_end_matches('}'), members[60_000]);
    assert_eq!(
        refused(&twice, &options),
        (ErrorKind::DuplicateName, text.len())
    );
}
