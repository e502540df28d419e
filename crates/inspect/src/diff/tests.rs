use jeton_jose::base64url::encode;
use jeton_jose::json;
use proptest::prelude::*;

use super::*;

fn token(header: &str, payload: &str, signature: &str) -> String {
    format!(
        "{}.{}.{}",
        encode(header.as_bytes()),
        encode(payload.as_bytes()),
        encode(signature.as_bytes())
    )
}

fn claims(left: &str, right: &str) -> PartDiff {
    let header = r#"{"alg":"HS256"}"#;
    diff(&token(header, left, "s"), &token(header, right, "s"))
        .unwrap()
        .payload
}

fn shown(diff: &PartDiff) -> String {
    json::to_string(&diff.changes).unwrap()
}

#[test]
fn kinds_of_sameness_are_told_apart() {
    let same = |left, right| {
        let part = claims(left, right);
        assert_eq!(
            part.changes.is_empty(),
            part.sameness != Sameness::Different,
            "{left} {right}"
        );
        part.sameness
    };
    let one = r#"{"a":1,"b":["x",{"c":2}]}"#;
    assert_eq!(same(one, one), Sameness::Identical);
    assert_eq!(
        same(one, r#"{"a":1, "b":["x",{"c":2}]}"#),
        Sameness::Formatting
    );
    assert_eq!(
        same(one, r#" {"a":1,"b":["x",{"c":2}]}"#),
        Sameness::Formatting
    );
    assert_eq!(
        same(one, r#"{"a":1.0,"b":["\u0078",{"c":2e0}]}"#),
        Sameness::Formatting
    );
    assert_eq!(same(one, r#"{"b":["x",{"c":2}],"a":1}"#), Sameness::Order);
    assert_eq!(
        same(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"c":2,"b":1}}"#),
        Sameness::Order
    );
    assert_eq!(
        same(one, r#"{"a":1,"b":[{"c":2},"x"]}"#),
        Sameness::Different
    );
    assert_eq!(
        same(one, r#"{"a":"1","b":["x",{"c":2}]}"#),
        Sameness::Different
    );
    // Digits beyond an f64 count.
    assert_eq!(
        same(r#"{"n":9007199254740993}"#, r#"{"n":9007199254740992}"#),
        Sameness::Different
    );
}

#[test]
fn changes_carry_exact_values_and_paths() {
    let part = claims(
        r#"{"a":1,"gone":{"x":[1, 2]},"o":{"p":[{"q":1.10}]}}"#,
        r#"{"a":1,"new":null,"o":{"p":[{"q":1.2},3]}}"#,
    );
    assert_eq!(
        shown(&part),
        concat!(
            r#"[{"path":["gone"],"kind":"removed","left":{"x":[1, 2]}},"#,
            r#"{"path":["new"],"kind":"added","right":null},"#,
            r#"{"path":["o","p",0,"q"],"kind":"changed","left":1.10,"right":1.2},"#,
            r#"{"path":["o","p",1],"kind":"added","right":3}]"#
        )
    );
    assert_eq!(part.left_out, 0);
}

#[test]
fn names_that_occur_twice_are_paired_in_order() {
    let part = claims(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3}"#);
    assert_eq!(
        shown(&part),
        r#"[{"path":["a"],"kind":"changed","left":2,"right":3}]"#
    );
    let part = claims(r#"{"a":1,"a":2}"#, r#"{"a":1}"#);
    assert_eq!(
        shown(&part),
        r#"[{"path":["a"],"kind":"removed","left":2}]"#
    );
}

#[test]
fn scopes_and_lists_of_names_are_sets() {
    let part = claims(
        r#"{"scope":"read write"}"#,
        r#"{"scope":"write  admin read"}"#,
    );
    assert_eq!(
        shown(&part),
        r#"[{"path":["scope"],"kind":"set","added":["admin"],"removed":[],"kept":2}]"#
    );
    let part = claims(r#"{"roles":["a","b"]}"#, r#"{"roles":["c","a"]}"#);
    assert_eq!(
        shown(&part),
        r#"[{"path":["roles"],"kind":"set","added":["c"],"removed":["b"],"kept":1}]"#
    );
    for (left, right) in [
        (r#"{"scope":"read write"}"#, r#"{"scope":"write read"}"#),
        (r#"{"groups":["a","b"]}"#, r#"{"groups":["b","a"]}"#),
    ] {
        assert_eq!(claims(left, right).sameness, Sameness::Order, "{left}");
    }
    // One audience may stand alone; one name of anything else may not.
    assert_eq!(
        claims(r#"{"aud":"a"}"#, r#"{"aud":["a"]}"#).sameness,
        Sameness::Formatting
    );
    assert_eq!(
        claims(r#"{"sub":"a"}"#, r#"{"sub":["a"]}"#).sameness,
        Sameness::Different
    );
    // Only a scope is taken apart at spaces.
    assert_eq!(
        claims(r#"{"name":"a b"}"#, r#"{"name":"b a"}"#).sameness,
        Sameness::Different
    );
    assert_eq!(
        shown(&claims(r#"{"aud":"a"}"#, r#"{"aud":"b"}"#)),
        r#"[{"path":["aud"],"kind":"changed","left":"a","right":"b"}]"#
    );
}

#[test]
fn the_order_of_certificates_matters() {
    let with = |chain: &str| token(&format!(r#"{{"alg":"RS256","x5c":{chain}}}"#), "{}", "s");
    let diff = diff(&with(r#"["a","b"]"#), &with(r#"["b","a"]"#)).unwrap();
    assert_eq!(diff.header.sameness, Sameness::Different);
}

#[test]
fn times_are_compared_as_shifts() {
    let part = claims(
        r#"{"exp":1767225600,"nbf":5,"iat":1}"#,
        r#"{"exp":1767229200,"nbf":5.5,"iat":0}"#,
    );
    assert_eq!(
        shown(&part),
        concat!(
            r#"[{"path":["exp"],"kind":"time","left":1767225600,"right":1767229200,"seconds":3600,"words":"1 hour later"},"#,
            r#"{"path":["iat"],"kind":"time","left":1,"right":0,"seconds":-1,"words":"1 second earlier"},"#,
            r#"{"path":["nbf"],"kind":"time","left":5,"right":5.5,"seconds":0,"words":"less than a second apart"}]"#
        )
    );
    // A time elsewhere, or one that is none, is a value like any other.
    assert!(!shown(&claims(r#"{"a":{"exp":1}}"#, r#"{"a":{"exp":2}}"#)).contains("time"));
    assert!(!shown(&claims(r#"{"exp":1}"#, r#"{"exp":1767225600000}"#)).contains("time"));
}

#[test]
fn spans_use_two_units() {
    for (seconds, words) in [
        (0, "0 seconds"),
        (1, "1 second"),
        (3_600, "1 hour"),
        (3_661, "1 hour 1 minute"),
        (7_201, "2 hours 1 second"),
        (200_000, "2 days 7 hours"),
        (-60, "minus 1 minute"),
    ] {
        assert_eq!(span(seconds), words);
    }
}

#[test]
fn lifetimes_and_keys_are_compared() {
    let one = token(
        r#"{"alg":"ES256","kid":"a"}"#,
        r#"{"iat":100,"exp":400}"#,
        "s",
    );
    let two = token(
        r#"{"alg":"ES256","kid":"b"}"#,
        r#"{"nbf":100,"exp":3700}"#,
        "t",
    );
    let three = token(r#"{"alg":"RS256","kid":"a"}"#, "{}", "t");
    let found = diff(&one, &two).unwrap();
    let lifetime = found.lifetime.unwrap();
    assert_eq!(
        (lifetime.left_seconds, lifetime.right_seconds),
        (Some(300), Some(3600))
    );
    assert_eq!(
        lifetime.words,
        "the second lives 1 hour, the first 5 minutes"
    );
    assert_eq!(found.key.sameness, KeySameness::Other);
    assert_eq!(
        diff(&one, &three).unwrap().key.sameness,
        KeySameness::OtherAlgorithm
    );
    assert_eq!(diff(&one, &one).unwrap().key.sameness, KeySameness::Same);
    assert_eq!(diff(&three, &three).unwrap().lifetime, None);
    let unnamed = token("{}", "{}", "");
    assert_eq!(
        diff(&unnamed, &unnamed).unwrap().key.sameness,
        KeySameness::NotNamed
    );
}

#[test]
fn signatures_are_judged_by_what_they_sign() {
    let words = |left: &str, right: &str| diff(left, right).unwrap().signature.words;
    let hmac = r#"{"alg":"HS256"}"#;
    let ecdsa = r#"{"alg":"ES256"}"#;
    assert_eq!(
        words(&token(hmac, "{}", "s"), &token(hmac, "{}", "s")),
        "the signatures are the same"
    );
    assert!(words(&token(hmac, "{}", "s"), &token(hmac, "{ }", "s")).contains("at most one"));
    assert!(words(&token(hmac, "{}", "s"), &token(hmac, "{}", "t")).contains("always signs alike"));
    assert!(words(&token(ecdsa, "{}", "s"), &token(ecdsa, "{}", "t")).contains("signed twice"));
    assert!(
        words(&token(hmac, "{}", "s"), &token(hmac, "{ }", "t")).contains("as what they sign does")
    );
    assert_eq!(
        words(&token(hmac, "{}", ""), &token(hmac, "{ }", "")),
        "neither token is signed"
    );
}

#[test]
fn json_forms_compare_with_compact_ones() {
    let compact = token(r#"{"alg":"HS256"}"#, "{}", "s");
    let [header, payload, signature] = compact.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts");
    };
    let flattened =
        format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{signature}"}}"#);
    let found = diff(&compact, &flattened).unwrap();
    assert_eq!(
        (found.content, found.same_text),
        (Sameness::Identical, false)
    );
    assert_eq!(found.unprotected_header, None);
    let general = format!(
        r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","header":{{"kid":"k"}},"signature":"{signature}"}}]}}"#
    );
    let found = diff(&compact, &general).unwrap();
    assert_eq!(found.content, Sameness::Different);
    assert_eq!(
        shown(&found.unprotected_header.unwrap()),
        r#"[{"path":["kid"],"kind":"added","right":"k"}]"#
    );
}

#[test]
fn payloads_that_are_no_objects_are_compared_as_bytes() {
    let part = claims("hello", "help");
    assert_eq!(
        part.opaque,
        Some(Opaque {
            left_bytes: 5,
            right_bytes: 4,
            first_difference: Some(3)
        })
    );
    assert_eq!(part.sameness, Sameness::Different);
    assert_eq!(claims("[]", "[]").sameness, Sameness::Identical);
    assert_eq!(claims("", "{}").opaque.unwrap().first_difference, Some(0));
}

#[test]
fn errors_name_the_side() {
    let good = token("{}", "{}", "");
    let error = diff(&good, "a.b.c.d.e").unwrap_err();
    assert_eq!(
        (error.side, &error.reason),
        (Side::Right, &Unreadable::Encrypted)
    );
    assert!(
        diff("*..", &good)
            .unwrap_err()
            .to_string()
            .starts_with("the first token")
    );
}

#[test]
fn the_list_of_changes_is_bounded() {
    let object = |from: usize| {
        let members: Vec<_> = (from..from + 1500)
            .map(|n| format!(r#""m{n}":0"#))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let part = claims(&object(0), &object(10_000));
    assert_eq!((part.changes.len(), part.left_out), (1000, 2000));
    // Long names on the way to many differences are not repeated without end.
    let name = "n".repeat(300_000);
    let long = |value: u8| {
        format!(
            r#"{{"{name}":[{}]}}"#,
            vec![value.to_string(); 100].join(",")
        )
    };
    let part = claims(&long(1), &long(2));
    assert_eq!((part.changes.len(), part.left_out), (3, 97));
}

proptest! {
    #[test]
    fn nothing_panics(left in "\\PC{0,60}", right in "[{}\\[\\]\",:.0-9a-zA-Z_=-]{0,60}") {
        let _ = diff(&left, &right);
        let header = r#"{"alg":"HS256"}"#;
        let _ = diff(&token(header, &left, &right), &token(header, &right, &left));
        let _ = diff(&token(&left, "{}", ""), &token(&right, "{}", ""));
    }

    #[test]
    fn a_diff_mirrors(left in claims_strategy(), right in claims_strategy()) {
        let (there, back) = (claims(&left, &right), claims(&right, &left));
        prop_assert_eq!(there.sameness, back.sameness);
        prop_assert_eq!(there.changes.len(), back.changes.len());
        prop_assert_eq!(claims(&left, &left).sameness, Sameness::Identical);
    }
}

fn claims_strategy() -> impl Strategy<Value = String> {
    let member = (
        "[ab]|scope|exp|aud",
        "[01]|\"[xy]( [xy])?\"|\\[(\"[xy]\")?\\]|\\{\"[cd]\":[01]\\}",
    );
    proptest::collection::vec(member, 0..5).prop_map(|members| {
        let members: Vec<_> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}
