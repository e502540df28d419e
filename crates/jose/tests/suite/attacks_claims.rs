//! Row F of the attack list: claims, types of token, and what errors show.

use core::time::Duration;

use jeton_jose::jwt::{self, ClaimError, Policy, policy::Preset};
use jeton_jose::{Algorithm, Code};
use jeton_testkit::{NOW, backends, verifying_key};

use super::{accepted, forge, hs256, refused};

fn policy() -> Policy {
    Policy::new(Algorithm::HS256)
}

#[test]
fn attack_46_times_of_the_wrong_type() {
    for claim in ["exp", "nbf", "iat"] {
        for value in [r#""1900000000""#, "true", "null", "[]", "{}"] {
            refused(
                &hs256(&format!(r#"{{"{claim}":{value}}}"#)),
                &policy(),
                Code::ClaimType,
            );
        }
    }
}

#[test]
fn attack_47_absurd_times() {
    for claim in ["exp", "nbf", "iat"] {
        for value in [
            "1e309",
            "1e400",
            "1e19",
            "18446744073709551615",
            "-1",
            "-1e3",
            "253402300800",
            "170141183460469231731687303715884105728e-9",
        ] {
            refused(
                &hs256(&format!(r#"{{"{claim}":{value}}}"#)),
                &policy(),
                Code::ClaimType,
            );
        }
    }
    accepted(&hs256(r#"{"exp":253402300799}"#), &policy());
    let longest = policy().leeway(Duration::MAX).max_age(Duration::MAX);
    accepted(&hs256(r#"{"exp":1,"nbf":253402300799,"iat":0}"#), &longest);
}

#[test]
fn times_are_compared_exactly() {
    let now = NOW.seconds();
    refused(
        &hs256(&format!(r#"{{"exp":{now}}}"#)),
        &policy(),
        Code::TokenExpired,
    );
    accepted(&hs256(&format!(r#"{{"exp":{now}.000000001}}"#)), &policy());
    refused(
        &hs256(&format!(r#"{{"nbf":{}}}"#, now + 1)),
        &policy(),
        Code::TokenNotYetValid,
    );
    refused(
        &hs256(&format!(r#"{{"nbf":{now}.5}}"#)),
        &policy(),
        Code::TokenNotYetValid,
    );
    accepted(&hs256(&format!(r#"{{"nbf":{now}}}"#)), &policy());
    let lenient = policy().leeway(Duration::from_secs(30));
    accepted(
        &hs256(&format!(r#"{{"exp":{},"nbf":{}}}"#, now - 29, now + 30)),
        &lenient,
    );
    refused(
        &hs256(&format!(r#"{{"exp":{}}}"#, now - 30)),
        &lenient,
        Code::TokenExpired,
    );
}

#[test]
fn attack_48_audiences_are_whole_strings() {
    let policy = policy().audience("api").audience("https://api.example");
    for good in [r#""api""#, r#"["other","api"]"#, r#""https://api.example""#] {
        accepted(&hs256(&format!(r#"{{"aud":{good}}}"#)), &policy);
    }
    for bad in [
        r#""API""#,
        r#""api2""#,
        r#""ap""#,
        r#""api other""#,
        r#"["ap","i"]"#,
        r#""""#,
    ] {
        refused(
            &hs256(&format!(r#"{{"aud":{bad}}}"#)),
            &policy,
            Code::AudienceMismatch,
        );
    }
    for wrong in [
        "123",
        "{}",
        "[]",
        "[1]",
        r#"["api",1]"#,
        "null",
        r#"[["api"]]"#,
    ] {
        refused(
            &hs256(&format!(r#"{{"aud":{wrong}}}"#)),
            &policy,
            Code::ClaimType,
        );
    }
    refused(&hs256("{}"), &policy, Code::AudienceMismatch);
    // As many as a token holds are gone through once.
    let many = format!(r#"{{"aud":["x"{},"api"]}}"#, r#","x""#.repeat(11_000));
    accepted(&hs256(&many), &policy);
}

#[test]
fn attack_49_issuers_are_single_whole_strings() {
    let policy = policy().issuer("https://issuer.example");
    accepted(&hs256(r#"{"iss":"https://issuer.example"}"#), &policy);
    for bad in [
        r#""https://issuer.example/""#,
        r#""https://issuer""#,
        r#""https://issuer.example.evil""#,
        r#""""#,
    ] {
        refused(
            &hs256(&format!(r#"{{"iss":{bad}}}"#)),
            &policy,
            Code::IssuerMismatch,
        );
    }
    for wrong in ["123", "{}", r#"["https://issuer.example"]"#, "null"] {
        refused(
            &hs256(&format!(r#"{{"iss":{wrong}}}"#)),
            &policy,
            Code::ClaimType,
        );
    }
    refused(&hs256("{}"), &policy, Code::IssuerMismatch);
}

#[test]
fn attack_50_sub_and_jti_are_strings() {
    for claim in ["sub", "jti"] {
        for wrong in ["1", "{}", "[]", "null", "true"] {
            refused(
                &hs256(&format!(r#"{{"{claim}":{wrong}}}"#)),
                &policy(),
                Code::ClaimType,
            );
        }
    }
    refused(
        &hs256(r#"{"sub":"eve"}"#),
        &policy().subject("ada"),
        Code::SubjectMismatch,
    );
}

#[test]
fn attack_51_one_kind_of_token_is_not_another() {
    let typed = |typ: &str| {
        forge(
            Algorithm::HS256,
            &format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#),
            "{}",
        )
    };
    let access = policy().typ("at+jwt");
    for good in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/At+Jwt",
    ] {
        accepted(&typed(good), &access);
    }
    for bad in [
        "JWT",
        "at+jw",
        "at+jwt2",
        "text/at+jwt",
        "application/application/at+jwt",
        "",
    ] {
        refused(&typed(bad), &access, Code::TypeMismatch);
    }
    refused(&hs256("{}"), &access, Code::TypeMismatch);
}

/// A token that is just what the preset asks for, its `typ`, and one that names none if it may.
fn of_preset(preset: Preset) -> Vec<String> {
    let (types, subject): (&[Option<&str>], _) = match preset {
        Preset::IdToken => (&[Some("JWT"), None], "ada"),
        Preset::AccessToken => (&[Some("at+jwt")], "ada"),
        Preset::DpopProof => (&[Some("dpop+jwt")], "ada"),
        Preset::ClientAssertion => (
            &[Some("JWT"), Some("client-authentication+jwt"), None],
            "issuer",
        ),
        Preset::LogoutToken => (&[Some("logout+jwt")], "ada"),
        Preset::SecurityEvent => (&[Some("secevent+jwt")], "ada"),
    };
    let now = NOW.seconds();
    let claims: Vec<_> = preset
        .policy()
        .required
        .iter()
        .map(|name| match name.as_str() {
            "iss" => r#""iss":"issuer""#.to_owned(),
            "sub" => format!(r#""sub":"{subject}""#),
            "exp" => format!(r#""exp":{}"#, now + 60),
            "iat" => format!(r#""iat":{now}"#),
            "events" => {
                r#""events":{"http://schemas.openid.net/event/backchannel-logout":{}}"#.to_owned()
            }
            other => format!(r#""{other}":"x""#),
        })
        .collect();
    let typ = |typ: Option<&str>| typ.map_or(String::new(), |typ| format!(r#","typ":"{typ}""#));
    types
        .iter()
        .map(|one| {
            forge(
                Algorithm::ES256,
                &format!(r#"{{"alg":"ES256"{}}}"#, typ(*one)),
                &format!("{{{}}}", claims.join(",")),
            )
        })
        .collect()
}

#[test]
fn attack_51_a_token_of_one_preset_is_none_of_another() {
    for backend in backends() {
        let keys = verifying_key(Algorithm::ES256, backend);
        for own in Preset::ALL {
            for token in of_preset(own) {
                for other in Preset::ALL {
                    let fits = jwt::verify(&token, &keys, &other.policy(), NOW).is_ok();
                    assert_eq!(fits, own == other, "a token for {own} against {other}");
                }
            }
        }
    }
}

#[test]
fn attack_52_max_age_needs_iat() {
    let policy = policy().max_age(Duration::from_mins(1));
    refused(&hs256("{}"), &policy, Code::ClaimMissing);
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        let error = jwt::verify(&hs256("{}"), &keys, &policy.clone().require("iat"), NOW);
        assert_eq!(error.unwrap_err().codes(), [Code::ClaimMissing], "once");
    }
    refused(
        &hs256(&format!(r#"{{"iat":{}}}"#, NOW.seconds() - 61)),
        &policy,
        Code::TokenTooOld,
    );
    refused(
        &hs256(r#"{"iat":4102444800}"#),
        &policy,
        Code::IssuedInFuture,
    );
    accepted(
        &hs256(&format!(r#"{{"iat":{}}}"#, NOW.seconds() - 60)),
        &policy,
    );
    // Without a maximum age a future `iat` has no verdict (RFC 7519 §4.1.6).
    accepted(&hs256(r#"{"iat":4102444800}"#), &self::policy());
}

#[test]
fn attack_54_a_bad_signature_is_never_masked() {
    let policy = policy().issuer("https://issuer.example");
    let token = hs256(r#"{"iss":"evil","exp":1}"#);
    refused(&token, &policy, Code::IssuerMismatch);
    let (signed, _) = token.rsplit_once('.').unwrap();
    let tampered = format!("{signed}.{}", "A".repeat(43));
    refused(&tampered, &policy, Code::SignatureMismatch);
}

#[test]
fn failing_claims_are_reported_together_and_in_order() {
    let policy = policy()
        .issuer("i")
        .audience("a")
        .typ("at+jwt")
        .subject("s")
        .require("scope");
    let token = hs256(r#"{"aud":1,"exp":1,"nbf":4102444800,"jti":7}"#);
    for backend in backends() {
        let error = jwt::verify(
            &token,
            &verifying_key(Algorithm::HS256, backend),
            &policy,
            NOW,
        )
        .unwrap_err();
        let codes: Vec<_> = error.codes().iter().map(|code| code.as_str()).collect();
        assert_eq!(
            codes,
            [
                "claim_type",
                "claim_type",
                "type_mismatch",
                "issuer_mismatch",
                "subject_mismatch",
                "audience_mismatch",
                "token_expired",
                "token_not_yet_valid",
                "claim_missing",
            ]
        );
        assert_eq!(error.code(), Code::ClaimType);
        let jwt::Error::Claims(failures) = error else {
            panic!("claims fail")
        };
        assert_eq!(
            failures.last(),
            Some(&ClaimError::Missing {
                claim: "scope".to_owned()
            })
        );
    }
}

#[test]
fn attack_57_debug_and_display_show_no_token() {
    let claims = r#"{"iss":"secret-issuer","email":"ada@secret.example"}"#;
    let token = hs256(claims);
    let backend = backends()[0];
    let keys = verifying_key(Algorithm::HS256, backend);
    let unverified = jwt::Unverified::parse(&token, &jeton_jose::Limits::default()).unwrap();
    let error = jwt::verify(&token, &keys, &policy().issuer("other"), NOW).unwrap_err();
    let verified = jwt::verify(&token, &keys, &policy(), NOW).unwrap();
    let shown = format!(
        "{unverified:?} {:?} {verified:?} {:?} {error:?} {error} {keys:?} {:?}",
        unverified.unverified_claims().unwrap(),
        verified.claims(),
        jeton_testkit::jwk(Algorithm::HS256),
    );
    for secret in ["secret", "ada", &token[30..50], "sdOmyay66"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
