use std::collections::{BTreeMap, HashMap};

use ::serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims<'a> {
    iss: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<u64>,
    #[serde(default)]
    roles: Vec<Role>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Admin,
    Reader(u8),
    Range(i8, i8),
    Limited { until: u64 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

fn read<'d, T: Deserialize<'d>>(document: &'d Document<'d>) -> Result<T, DeserializeError> {
    from_value(document.root())
}

fn failure<T: for<'d> Deserialize<'d>>(text: &str) -> String {
    let document = parse(text);
    match from_value::<T>(document.root()) {
        Ok(_) => panic!("accepted {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn structs_and_enums_round_trip() {
    let text = r#"{"iss":"joe","exp":-5,"nbf":7,"roles":["admin",{"reader":3},{"range":[-1,2]},{"limited":{"until":18446744073709551615}}]}"#;
    let document = parse(text);
    let claims: Claims<'_> = read(&document).unwrap();
    let roles = [
        Role::Admin,
        Role::Reader(3),
        Role::Range(-1, 2),
        Role::Limited { until: u64::MAX },
    ];
    assert_eq!(claims.roles, roles);
    assert_eq!((claims.iss, claims.exp, claims.nbf), ("joe", -5, Some(7)));
    assert_eq!(to_string(&claims).unwrap(), text);
    assert_eq!(serde_json::to_string(&claims).unwrap(), text);
}

#[test]
fn strings_are_borrowed_even_when_escaped() {
    let document = parse(r#"{"iss":"j\u006fe","exp":1e3,"nbf":null}"#);
    let claims: Claims<'_> = read(&document).unwrap();
    assert_eq!(
        claims,
        Claims {
            iss: "joe",
            exp: 1000,
            nbf: None,
            roles: vec![]
        }
    );
    assert_eq!(
        to_string(&claims).unwrap(),
        r#"{"iss":"joe","exp":1000,"roles":[]}"#
    );
}

#[test]
fn errors_tell_the_place_and_no_value() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its reading is tested")]
        list: Vec<HashMap<String, u8>>,
    }
    for (text, message) in [
        (
            r#"{"list":[{},{"a/b~":"hunter2"}]}"#,
            "a string, expected u8 at /list/1/a~1b~0 (byte 20)",
        ),
        (
            r#"{"list":[{"x":256}]}"#,
            "an integer that does not fit, expected u8 at /list/0/x (byte 14)",
        ),
        (
            r#"{"list":[{"x":1.5}]}"#,
            "a number, expected u8 at /list/0/x (byte 14)",
        ),
        (
            r#"{"list":7}"#,
            "an integer, expected a sequence at /list (byte 8)",
        ),
        (
            r#"{"list":[],"more":"hunter2"}"#,
            "unknown field `more`, expected `list` at /more (byte 18)",
        ),
        ("{}", "missing field `list` (byte 0)"),
        (" 1", "an integer, expected struct Outer (byte 1)"),
        ("null", "null, expected struct Outer (byte 0)"),
    ] {
        assert_eq!(failure::<Outer>(text), message, "{text}");
    }
    let variants = "expected one of `admin`, `reader`, `range`, `limited`";
    for (text, message) in [
        (r#"["hunter2"]"#, format!("unknown variant, {variants} at /0 (byte 1)")),
        (r#"[{"reader":"hunter2"}]"#, "a string, expected u8 at /0/reader (byte 11)".into()),
        (r#"[{"range":[1]}]"#, "invalid length 1, expected tuple variant Role::Range with 2 elements at /0/range (byte 10)".into()),
        (r#"[{"range":[1,2,3]}]"#, "invalid length 3, expected fewer elements at /0/range (byte 10)".into()),
        (r#"[{"limited":{"until":-1}}]"#, "an integer that does not fit, expected u64 at /0/limited/until (byte 21)".into()),
        ("[{}]", "expected an object with exactly one member at /0 (byte 1)".into()),
        (r#"[{"reader":1,"admin":null}]"#, "expected an object with exactly one member at /0 (byte 1)".into()),
        ("[5]", "a number, expected a string or an object with one member at /0 (byte 1)".into()),
        (r#"[{"admin":5}]"#, "an integer, expected unit at /0/admin (byte 10)".into()),
    ] {
        assert_eq!(failure::<Vec<Role>>(text), message, "{text}");
    }
    let document = parse(r#"[0,"x"]"#);
    let error = read::<Vec<u8>>(&document).unwrap_err();
    assert_eq!(
        (error.pointer(), error.offset(), error.message()),
        ("/1", 3, "a string, expected u8")
    );
}

#[test]
fn integers_are_exact_in_every_width() {
    let document = parse("[340282366920938463463374607431768211455,18446744073709551615,1e2]");
    assert_eq!(
        read::<(u128, u64, u8)>(&document).unwrap(),
        (u128::MAX, u64::MAX, 100)
    );
    let document = parse("[-170141183460469231731687303715884105728,-9223372036854775808,-1e2]");
    assert_eq!(
        read::<(i128, i64, i8)>(&document).unwrap(),
        (i128::MIN, i64::MIN, -100)
    );
    assert_eq!(
        read::<f64>(&parse("1")).map(f64::to_bits),
        Ok(1.0f64.to_bits())
    );
    assert_eq!(
        read::<f32>(&parse("1.5")).map(f32::to_bits),
        Ok(1.5f32.to_bits())
    );
    assert_eq!(failure::<f64>("1e400"), "a number out of range (byte 0)");
    assert_eq!(failure::<u64>("1e400"), "a number out of range (byte 0)");
    assert_eq!(
        failure::<u64>("18446744073709551616"),
        "a number out of range (byte 0)"
    );
    let wide = (
        u128::MAX,
        i128::MIN,
        u64::MAX,
        i64::MIN,
        1.0f32,
        0.1f64,
        1e300,
    );
    let text = to_string(&wide).unwrap();
    assert_eq!(
        text,
        "[340282366920938463463374607431768211455,-170141183460469231731687303715884105728,18446744073709551615,-9223372036854775808,1.0,0.1,1e300]"
    );
    assert_eq!(
        read::<(u128, i128, u64, i64, f32, f64, f64)>(&parse(&text)).unwrap(),
        wide
    );
}

#[test]
fn untagged_newtypes_options_units() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Name(String);
    assert_eq!(
        read::<Audience>(&parse(r#""a""#)).unwrap(),
        Audience::One("a".into())
    );
    assert_eq!(
        read::<Audience>(&parse(r#"["a"]"#)).unwrap(),
        Audience::Many(vec!["a".into()])
    );
    assert_eq!(read::<Name>(&parse(r#""a""#)).unwrap(), Name("a".into()));
    assert_eq!(read::<Option<Option<u8>>>(&parse("null")).unwrap(), None);
    assert_eq!(read::<Option<char>>(&parse(r#""é""#)).unwrap(), Some('é'));
    assert_eq!(
        to_string(&(Name("a".into()), (), Some('"'), None::<u8>)).unwrap(),
        r#"["a",null,"\"",null]"#
    );
    read::<()>(&parse("null")).unwrap();
    read::<(bool, ::serde::de::IgnoredAny)>(&parse(r#"[true,{"a":[1]}]"#)).unwrap();
}

#[test]
fn map_keys() {
    let numbers = BTreeMap::from([(-1i8, true), (2, false)]);
    let text = to_string(&numbers).unwrap();
    assert_eq!(text, r#"{"-1":true,"2":false}"#);
    assert_eq!(read::<BTreeMap<i8, bool>>(&parse(&text)).unwrap(), numbers);
    let others = BTreeMap::from([((true, 'x'), 1)]);
    assert_eq!(to_string(&others), Err(SerializeError::KeyType));
    assert_eq!(
        to_string(&BTreeMap::from([(true, 1)])).unwrap(),
        r#"{"true":1}"#
    );
    assert_eq!(
        read::<BTreeMap<bool, u8>>(&parse(r#"{"true":1}"#)).unwrap()[&true],
        1
    );
    assert_eq!(
        to_string(&BTreeMap::from([('"', 1)])).unwrap(),
        r#"{"\"":1}"#
    );
    assert_eq!(
        to_string(&BTreeMap::from([("true", 1)])).unwrap(),
        r#"{"true":1}"#
    );
    assert_eq!(
        to_string(&BTreeMap::from([((), 1)])),
        Err(SerializeError::KeyType)
    );
    assert_eq!(
        to_string(&BTreeMap::from([(Some(1), 1)])).unwrap(),
        r#"{"1":1}"#
    );
    assert_eq!(
        to_string(&BTreeMap::from([(vec![1], 1)])),
        Err(SerializeError::KeyType)
    );
    assert_eq!(
        failure::<BTreeMap<u8, u8>>(r#"{"x":1}"#),
        "a string, expected u8 at /x (byte 5)"
    );
}

#[test]
fn unwritable_values() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: ::serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(::serde::ser::Error::custom("out of order"))
        }
    }
    assert_eq!(to_string(&f64::NAN), Err(SerializeError::NotFinite));
    assert_eq!(to_string(&[f32::INFINITY]), Err(SerializeError::NotFinite));
    assert_eq!(
        to_string(&[Broken]).unwrap_err().to_string(),
        "out of order"
    );
}

#[test]
fn elements_left_over_are_an_error() {
    assert_eq!(
        failure::<(u8, u8)>("[1,2,3]"),
        "invalid length 3, expected fewer elements (byte 0)"
    );
    assert_eq!(
        failure::<[u8; 2]>("[1]"),
        "invalid length 1, expected an array of length 2 (byte 0)"
    );
}

#[test]
fn attack_44_no_struct_from_an_array() {
    #[derive(Debug, Deserialize)]
    struct Owned {
        #[expect(dead_code, reason = "only its reading is tested")]
        exp: u64,
    }
    assert_eq!(
        failure::<Owned>("[1]"),
        "an array, expected struct Owned (byte 0)"
    );
    assert_eq!(
        failure::<Vec<Role>>(r#"[{"limited":[1]}]"#),
        "an array, expected struct variant Role::Limited at /0/limited (byte 12)"
    );
}

#[test]
fn raw_json_stands_as_it_is() {
    let text = br#"{"n":1e400,"a":1,"a":[2.50]}"#;
    let document = Document::parse(text, &Options::lossless()).unwrap();
    let raw = RawJson::from(document.root());
    assert_eq!(
        to_string(&[Some(&raw), None]).unwrap(),
        r#"[{"n":1e400,"a":1,"a":[2.50]},null]"#
    );
    assert_eq!(format!("{raw:?}"), "RawJson(28 bytes)");
}

#[test]
fn raw_json_passes_through_unchanged() {
    let text = br#"{"policy":{"b":1.50,"a":[1e3]},"other":null}"#;
    let document = Document::parse(text, &Options::strict()).unwrap();
    let read: BTreeMap<String, RawJson> = from_value(document.root()).unwrap();
    assert_eq!(read["policy"].text(), r#"{"b":1.50,"a":[1e3]}"#);
    assert_eq!(read["other"].text(), "null");
    assert_eq!(
        to_string(&read).unwrap(),
        r#"{"other":null,"policy":{"b":1.50,"a":[1e3]}}"#
    );
}
