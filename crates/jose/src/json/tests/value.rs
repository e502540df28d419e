use super::*;

const TEXT: &str = r#" {"a" : [1, "x\ty", {"é": null}], "b":true, "\u0062c": -1.50 , "a": {} } "#;

#[test]
fn spans_are_exact() {
    let document = lossless(TEXT);
    let root = document.root();
    assert_eq!(document.text(), TEXT);
    assert_eq!(root.span(), 1..TEXT.len() - 1);
    let members: Vec<_> = root.as_object().unwrap().iter().collect();
    let sources: Vec<_> = members
        .iter()
        .map(|member| (member.name_source(), member.value.source()))
        .collect();
    assert_eq!(
        sources,
        [
            (r#""a""#, r#"[1, "x\ty", {"é": null}]"#),
            (r#""b""#, "true"),
            (r#""\u0062c""#, "-1.50"),
            (r#""a""#, "{}"),
        ]
    );
    for member in &members {
        assert_eq!(&TEXT[member.value.span()], member.value.source());
        assert_eq!(&TEXT[member.name_span.clone()], member.name_source());
    }
    let elements: Vec<_> = members[0]
        .value
        .as_array()
        .unwrap()
        .iter()
        .map(Value::source)
        .collect();
    assert_eq!(elements, ["1", r#""x\ty""#, r#"{"é": null}"#]);
}

#[test]
fn accessors_tell_kinds_apart() {
    let document = parse(r#"[null, false, true, 7, "s", "\u0073\n", [], {}]"#);
    let array = document.root().as_array().unwrap();
    let kinds: Vec<_> = array.iter().map(Value::kind).collect();
    let (string, object) = (Kind::String, Kind::Object);
    assert_eq!(
        kinds,
        [
            Kind::Null,
            Kind::Bool,
            Kind::Bool,
            Kind::Number,
            string,
            string,
            Kind::Array,
            object
        ]
    );
    for value in array {
        assert_eq!(value.is_null(), value.kind() == Kind::Null);
        assert_eq!(value.as_bool().is_some(), value.kind() == Kind::Bool);
        assert_eq!(value.as_number().is_some(), value.kind() == Kind::Number);
        assert_eq!(value.as_str().is_some(), value.kind() == Kind::String);
        assert_eq!(value.as_array().is_some(), value.kind() == Kind::Array);
        assert_eq!(value.as_object().is_some(), value.kind() == Kind::Object);
    }
    assert_eq!(array.get(1).unwrap().as_bool(), Some(false));
    assert_eq!(array.get(2).unwrap().as_bool(), Some(true));
    assert_eq!(array.get(4).unwrap().as_str(), Some("s"));
    assert_eq!(array.get(5).unwrap().as_str(), Some("s\n"));
    assert!(array.get(8).is_none());
    assert!(array.get(6).unwrap().as_array().unwrap().is_empty());
    assert!(array.get(7).unwrap().as_object().unwrap().is_empty());
    assert_eq!(array.iter().len(), 8);
    assert_eq!(Kind::Object.to_string(), "an object");
}

#[test]
fn a_name_finds_the_first_unescaped_name() {
    let document = lossless(TEXT);
    let object = document.root().as_object().unwrap();
    assert_eq!(object.len(), 4);
    assert_eq!(object.get("a").unwrap().kind(), Kind::Array);
    assert_eq!(
        object.get("bc").unwrap().as_number().unwrap().text(),
        "-1.50"
    );
    assert!(object.get("\\u0062c").is_none());
    assert!(object.get("é").is_none());
    let nested = object.get("a").unwrap().as_array().unwrap().get(2).unwrap();
    assert!(nested.as_object().unwrap().get("é").unwrap().is_null());
}

#[test]
fn strings_outlive_the_views() {
    let document = parse(r#"{"plain":"text","escaped":"te\u0078t"}"#);
    let (plain, escaped) = {
        let object = document.root().as_object().unwrap();
        (
            object.get("plain").unwrap().as_str(),
            object.get("escaped").unwrap().as_str(),
        )
    };
    assert_eq!(plain, escaped);
}

#[test]
fn ids_find_values_again() {
    let document = parse(r#"{"iss":["a",{}],"exp":12}"#).into_owned();
    let id = document
        .root()
        .as_object()
        .unwrap()
        .get("exp")
        .unwrap()
        .id();
    let moved = document;
    assert_eq!(moved.value_at(id).unwrap().source(), "12");
    assert!(parse("1").value_at(id).is_none());
}

#[test]
fn owned_documents_read_the_same() {
    let owned = Document::from_vec(TEXT.as_bytes().to_vec(), &Options::lossless()).unwrap();
    assert_eq!(
        owned.root().source(),
        lossless(TEXT).into_owned().root().source()
    );
    assert!(owned.root().equals(lossless(TEXT).root()));
}

#[test]
fn equality_is_by_meaning() {
    for (one, two) in [
        ("1", "1.0"),
        ("[1e2]", "[ 100 ]"),
        (r#""a\u0062""#, r#""\u0061b""#),
        (
            r#"{"a":1,"b":[2,{}]}"#,
            r#"{ "\u0062" : [2.0,{ }], "a" : 10e-1 }"#,
        ),
        (r#"{"a":1,"a":2,"b":0}"#, r#"{"b":-0,"a":1,"a":2}"#),
    ] {
        assert!(
            lossless(one).root().equals(lossless(two).root()),
            "{one} {two}"
        );
        assert!(
            lossless(two).root().equals(lossless(one).root()),
            "{two} {one}"
        );
    }
    let unequal = [
        "null",
        "true",
        "false",
        "0",
        "1",
        r#""1""#,
        r#""""#,
        "[]",
        "{}",
        "[1]",
        "[1,1]",
        "[[1]]",
        "[1,2]",
        "[2,1]",
        r#"{"a":1}"#,
        r#"{"a":2}"#,
        r#"{"b":1}"#,
        r#"{"a":1,"b":1}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a":2,"a":1}"#,
        "9007199254740993",
        "9007199254740992",
    ];
    for (index, one) in unequal.iter().enumerate() {
        for (other, two) in unequal.iter().enumerate() {
            let equal = lossless(one).root().equals(lossless(two).root());
            assert_eq!(equal, index == other, "{one} {two}");
        }
    }
}

#[test]
fn debug_shows_no_value() {
    let document = parse(r#"{"name":"hunter2","list":["hunter2"],"n":4711}"#);
    let object = document.root().as_object().unwrap();
    let name = object.get("name").unwrap();
    assert_eq!(format!("{name:?}"), "Value(String at 8..17)");
    let list = object.get("list").unwrap().as_array().unwrap();
    let number = object.get("n").unwrap().as_number().unwrap();
    let members: Vec<_> = object.iter().collect();
    let all = format!(
        "{document:?} {object:?} {list:?} {number:?} {members:?} {:?}",
        list.iter()
    );
    assert!(!all.contains("hunter2") && !all.contains("4711"), "{all}");
}

#[test]
fn layout_keeps_all_but_white_space() {
    let document = lossless(TEXT);
    assert_eq!(
        compact(document.root()),
        r#"{"a":[1,"x\ty",{"é":null}],"b":true,"\u0062c":-1.50,"a":{}}"#
    );
    let expected = r#"{
  "a": [
    1,
    "x\ty",
    {
      "é": null
    }
  ],
  "b": true,
  "\u0062c": -1.50,
  "a": {}
}"#;
    assert_eq!(pretty(document.root()), expected);
    assert_eq!(pretty(parse("[ ]").root()), "[]");
    assert_eq!(pretty(parse(" 1.0 ").root()), "1.0");
}

#[test]
fn written_strings_escape_what_must_be() {
    let mut out = String::from("=");
    write_string(
        &mut out,
        "é/\u{7F}\u{2028}😀 \" \\ \n\r\t\u{8}\u{C} \0\u{1}\u{F}\u{10}\u{1F}",
    );
    let escaped = r#"\" \\ \n\r\t\b\f \u0000\u0001\u000f\u0010\u001f"#;
    assert_eq!(out, format!("=\"é/\u{7F}\u{2028}😀 {escaped}\""));
}
