//! Policies as files, and rules on claims.

use core::time::Duration;

use jeton_jose::jwt::Policy;
use jeton_jose::jwt::policy::{Condition, Format, Pattern, Preset, Rule, Scalar, TypeRule};
use jeton_jose::{Algorithm, Code};

use super::{accepted, hs256, refused};

fn full() -> Policy {
    let mut policy = Policy::new([Algorithm::ES256, Algorithm::HS256])
        .issuer("https://issuer.example")
        .subject("ada")
        .audience("api")
        .audience("other")
        .require("exp")
        .leeway(Duration::from_secs(30))
        .max_age(Duration::from_hours(1))
        .rule(Rule::new(
            ["email_verified"],
            Condition::OneOf(vec![Scalar::Bool(true)]),
        ))
        .rule(Rule::new(
            ["realm_access", "roles"],
            Condition::Contains(vec![Scalar::String("admin".to_owned())]),
        ))
        .rule(Rule::new(
            ["level"],
            Condition::OneOf(vec![Scalar::Integer(1), Scalar::Integer(2)]),
        ))
        .rule(Rule::new(
            ["tenant"],
            Condition::Pattern(Pattern::new("t-[0-9]+").unwrap()),
        ))
        .rule(Rule::new(
            ["azp"],
            Condition::SameAs(vec!["client_id".to_owned()]),
        ));
    policy.typ = Some(TypeRule {
        any_of: vec!["at+jwt".to_owned()],
        optional: true,
    });
    policy.forbidden.push("nonce".to_owned());
    policy.signature.critical.push("exp".to_owned());
    policy.signature.limits.token_bytes = 4096;
    policy
}

#[test]
fn files_round_trip() {
    let presets = Preset::ALL.map(Preset::policy);
    for policy in
        presets
            .into_iter()
            .chain([full(), Policy::default(), Policy::new(Algorithm::HS512)])
    {
        let toml = policy.to_text(Format::Toml).unwrap();
        assert_eq!(Policy::from_toml(&toml).unwrap(), policy, "{toml}");
        let json = policy.to_text(Format::Json).unwrap();
        assert_eq!(Policy::from_json(&json).unwrap(), policy, "{json}");
    }
}

#[test]
fn a_file_starts_from_a_preset() {
    let policy = Policy::from_toml(
        "preset = \"access-token\"\nissuer = \"i\"\nalgorithms = [\"ES256\"]\nleeway = 5\n",
    )
    .unwrap();
    let mut wanted = Preset::AccessToken
        .policy()
        .issuer("i")
        .leeway(Duration::from_secs(5));
    wanted.signature.algorithms = Algorithm::ES256.into();
    assert_eq!(policy, wanted);
}

#[test]
fn a_file_cannot_lose_what_its_preset_requires() {
    for preset in Preset::ALL {
        let text = format!(
            "preset = \"{preset}\"\nrequired = [\"scope\", \"iss\"]\nforbidden = [\"bad\"]\n"
        );
        let policy = Policy::from_toml(&text).unwrap();
        let ready = preset.policy();
        assert!(
            ready
                .required
                .iter()
                .all(|name| policy.required.contains(name))
        );
        assert!(
            ready
                .forbidden
                .iter()
                .all(|name| policy.forbidden.contains(name))
        );
        let named = |name: &str| {
            policy
                .required
                .iter()
                .filter(|known| *known == name)
                .count()
        };
        assert_eq!((named("scope"), named("iss")), (1, 1), "{preset}");
        assert!(policy.forbidden.contains(&"bad".to_owned()));
    }
}

#[test]
fn a_duration_that_a_file_cannot_hold_is_an_error() {
    let policy = Policy::new(Algorithm::ES256).leeway(Duration::from_millis(500));
    for format in [Format::Toml, Format::Json] {
        let error = policy.to_text(format).unwrap_err();
        assert!(error.to_string().contains("whole seconds"), "{error}");
    }
}

#[test]
fn hostile_files_are_refused_early() {
    let deep = "[".repeat(100_000);
    for text in [
        format!("issuer = {deep}"),
        format!("issuer = {}", "{a=".repeat(100_000)),
        format!("issuer = \"{}\"", "x".repeat(1 << 20)),
    ] {
        assert!(Policy::from_toml(&text).is_err());
    }
    for text in [
        format!("{{\"issuer\":{deep}"),
        format!("{{\"issuer\":\"{}\"}}", "x".repeat(1 << 20)),
    ] {
        assert!(Policy::from_json(&text).is_err());
    }
}

#[test]
fn wrong_files_are_refused_with_the_place() {
    for (text, wanted) in [
        ("algorithms = [\"ES256\"]\nisuer = \"i\"\n", "isuer"),
        ("algorithms = [\"ES256\"]\nissuer = 7\n", "line 2"),
        ("algorithms = [\"none\"]\n", "none"),
        ("algorithms = []\n", "empty"),
        ("[[claim]]\npath = \"a\"\nequals = 1.5\n", "whole number"),
        ("algorithms = [\"es256\"]\n", "es256"),
        ("leeway = \"30 parsecs\"\n", "30 parsecs"),
        ("leeway = -1\n", "-1"),
        ("preset = \"acces-token\"\n", "access-token"),
        ("[[claim]]\nequals = 1\n", "path"),
        (
            "[[claim]]\npath = \"a\"\nequals = 1\npattern = \"x\"\n",
            "several conditions",
        ),
        ("[[claim]]\npath = \"a\"\npattern = \"(\"\n", "pattern"),
        ("type_optional = true\n", "type_optional"),
        ("issuer = []\n", "`issuer` is an empty list"),
        ("audience = []\n", "`audience` is an empty list"),
        (
            "[[claim]]\npath = \"a\"\ncontains = []\n",
            "`contains` is an empty list",
        ),
        (
            "[[claim]]\npath = \"a\"\nsame_as = []\n",
            "`same_as` is an empty list",
        ),
        ("algorithms = \n", "line 1"),
    ] {
        let error = Policy::from_toml(text).unwrap_err();
        assert_eq!(error.code(), Code::PolicyInvalid);
        assert!(error.to_string().contains(wanted), "{wanted:?} in {error}");
    }
    for text in [
        "{\"isuer\":1}",
        "{\"leeway\":1,\"leeway\":2}",
        "[]",
        "{",
        "{\"issuer\":7}",
    ] {
        assert_eq!(
            Policy::from_json(text).unwrap_err().code(),
            Code::PolicyInvalid
        );
    }
}

#[test]
fn claim_rules() {
    let rule = |condition| Policy::new(Algorithm::HS256).rule(Rule::new(["x"], condition));
    let text = |text: &str| Scalar::String(text.to_owned());
    let one_of = rule(Condition::OneOf(vec![
        text("a"),
        Scalar::Integer(7),
        Scalar::Bool(true),
    ]));
    for good in [r#""a""#, "7", "7.0", "70e-1", "true"] {
        accepted(&hs256(&format!(r#"{{"x":{good}}}"#)), &one_of);
    }
    for bad in [
        r#""A""#,
        r#""7""#,
        "7.1",
        "false",
        "null",
        r#"["a"]"#,
        r#""true""#,
    ] {
        refused(
            &hs256(&format!(r#"{{"x":{bad}}}"#)),
            &one_of,
            Code::ClaimMismatch,
        );
    }
    let contains = rule(Condition::Contains(vec![text("read"), text("write")]));
    for good in [r#"["read","write"]"#, r#""write read more""#] {
        accepted(&hs256(&format!(r#"{{"x":{good}}}"#)), &contains);
    }
    for bad in [
        r#"["read"]"#,
        r#""readwrite""#,
        r#""read""#,
        "{}",
        r#"["read write"]"#,
    ] {
        refused(
            &hs256(&format!(r#"{{"x":{bad}}}"#)),
            &contains,
            Code::ClaimMismatch,
        );
    }
    let same = rule(Condition::SameAs(vec!["y".to_owned()]));
    accepted(&hs256(r#"{"x":[1,"a"],"y":[1.0,"\u0061"]}"#), &same);
    refused(&hs256(r#"{"x":1,"y":2}"#), &same, Code::ClaimMismatch);
    refused(&hs256(r#"{"x":1}"#), &same, Code::ClaimMismatch);
    refused(&hs256("{}"), &same, Code::ClaimMissing);
    let nested = Policy::new(Algorithm::HS256).rule(Rule {
        optional: true,
        ..Rule::new(["x", "roles"], Condition::Contains(vec![text("user")]))
    });
    accepted(&hs256(r#"{"x":{"roles":["user"]}}"#), &nested);
    for twice in [
        r#"{"x":{"roles":["user"],"roles":["admin"]}}"#,
        r#"{"x":{"roles":["user"],"\u0072oles":["user"]}}"#,
    ] {
        refused(&hs256(twice), &nested, Code::ClaimMismatch);
    }
    let optional = Policy::new(Algorithm::HS256).rule(Rule {
        optional: true,
        ..Rule::new(["x"], Condition::Present)
    });
    accepted(&hs256("{}"), &optional);
}

#[test]
fn attack_35_patterns_are_anchored_and_linear() {
    let pattern = |source: &str| {
        Policy::new(Algorithm::HS256).rule(Rule::new(
            ["x"],
            Condition::Pattern(Pattern::new(source).unwrap()),
        ))
    };
    let policy = pattern("a|b");
    accepted(&hs256(r#"{"x":"b"}"#), &policy);
    for bad in ["ab", "xa", "b\\n", ""] {
        refused(
            &hs256(&format!(r#"{{"x":"{bad}"}}"#)),
            &policy,
            Code::ClaimMismatch,
        );
    }
    // Exponential in backtracking engines; here it simply answers.
    let evil = format!(r#"{{"x":"{}!"}}"#, "a".repeat(20_000));
    refused(&hs256(&evil), &pattern("(a+)+"), Code::ClaimMismatch);
    for broken in ["(", "a)(b", "[", "(?P<x", "a{999999999}"] {
        assert!(Pattern::new(broken).is_err(), "{broken}");
    }
    assert!(Pattern::new(&"a".repeat(2000)).is_err());
}
