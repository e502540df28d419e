//! Rows A (algorithm), D (size) and E (header and format) of the attack list.

use jeton_jose::jws::{HeaderBuilder, SignatureRules, compact, flattened, general};
use jeton_jose::jwt::{self, Policy};
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{Algorithm, AlgorithmSet, Code, Limits, base64url};
use jeton_testkit::{NOW, any_signing_key, backends, public_key_set, verifying_key};

use super::{accepted, forge, hs256, refused};

const CLAIMS: &str = r#"{"sub":"ada"}"#;

fn policy() -> Policy {
    Policy::new(Algorithm::HS256)
}

fn every_algorithm() -> AlgorithmSet {
    Algorithm::ALL.iter().copied().collect()
}

fn unsigned(alg: &str) -> String {
    let header = format!(r#"{{"alg":"{alg}"}}"#);
    format!(
        "{}.{}.",
        base64url::encode(header.as_bytes()),
        base64url::encode(CLAIMS.as_bytes())
    )
}

#[test]
fn attack_01_none_never_verifies() {
    let policy = Policy::new(every_algorithm());
    let with_signature = format!("{}AAAA", unsigned("none"));
    for token in [unsigned("none"), with_signature] {
        refused(&token, &policy, Code::AlgorithmNone);
        for backend in backends() {
            let no_keys = VerifyingKeySet::new(&[], every_algorithm(), backend).unwrap();
            for keys in [public_key_set(backend), no_keys] {
                let error = jwt::verify(&token, &keys, &policy, NOW).unwrap_err();
                assert_eq!(error.code(), Code::AlgorithmNone);
            }
        }
    }
}

#[test]
fn attack_02_none_in_disguise_is_unknown() {
    for alg in [
        "None", "noNE", "NONE", "none ", " none", "", "hs256", "HS256 ",
    ] {
        refused(
            &unsigned(alg),
            &Policy::new(every_algorithm()),
            Code::AlgorithmUnknown,
        );
    }
    let not_a_string = forge(Algorithm::HS256, r#"{"alg":["HS256"]}"#, CLAIMS);
    refused(&not_a_string, &policy(), Code::AlgorithmUnknown);
    refused(
        &forge(Algorithm::HS256, "{}", CLAIMS),
        &policy(),
        Code::HeaderInvalid,
    );
}

#[test]
fn attack_04_header_alone_never_decides() {
    let token = forge(Algorithm::HS512, r#"{"alg":"HS512"}"#, CLAIMS);
    refused(&token, &policy(), Code::AlgorithmNotAllowed);
    refused(&token, &Policy::default(), Code::AlgorithmNotAllowed);
}

#[test]
fn attack_08_alg_in_the_unprotected_header_is_refused() {
    let payload = base64url::encode(CLAIMS.as_bytes());
    let mut signature = Vec::new();
    any_signing_key(Algorithm::HS256)
        .sign(format!(".{payload}").as_bytes(), &mut signature)
        .unwrap();
    let text = format!(
        r#"{{"payload":"{payload}","header":{{"alg":"HS256"}},"signature":"{}"}}"#,
        base64url::encode(&signature)
    );
    let token = flattened::Unverified::parse(&text, &Limits::default()).unwrap();
    let mut rules = SignatureRules::new(Algorithm::HS256);
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        assert_eq!(
            token.verify(&keys, &rules).unwrap_err().code(),
            Code::HeaderInvalid
        );
    }
    rules.dangerous_unprotected_algorithm = true;
    for backend in backends() {
        assert!(
            token
                .verify(&verifying_key(Algorithm::HS256, backend), &rules)
                .is_ok()
        );
    }
}

#[test]
fn attack_09_10_keys_and_urls_in_the_header_are_never_used() {
    let own = jeton_testkit::jwk(Algorithm::ES256)
        .public()
        .unwrap()
        .to_public_json()
        .unwrap();
    for header in [
        format!(r#"{{"alg":"ES256","jwk":{own}}}"#),
        r#"{"alg":"ES256","jku":"http://127.0.0.1:1/keys","x5u":"file:///etc/passwd"}"#.to_owned(),
    ] {
        let token = forge(Algorithm::ES256, &header, CLAIMS);
        for backend in backends() {
            let other = verifying_key(Algorithm::Ed25519, backend);
            let error =
                jwt::verify(&token, &other, &Policy::new(every_algorithm()), NOW).unwrap_err();
            assert!(
                matches!(error.code(), Code::KeyNotFound | Code::AlgorithmMismatch),
                "{error}"
            );
        }
    }
}

#[test]
fn attack_11_kid_is_only_compared() {
    for kid in [
        "../../../../dev/null",
        "x' OR 1=1 --",
        "\\u0000",
        "http://127.0.0.1/",
    ] {
        let token = forge(
            Algorithm::ES256,
            &format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#),
            CLAIMS,
        );
        for backend in backends() {
            let error = jwt::verify(
                &token,
                &public_key_set(backend),
                &Policy::new(Algorithm::ES256),
                NOW,
            )
            .unwrap_err();
            assert_eq!(error.code(), Code::KeyNotFound);
        }
    }
}

#[test]
fn attack_19_empty_and_truncated_signatures() {
    let token = hs256(CLAIMS);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    refused(&format!("{signed}."), &policy(), Code::SignatureMissing);
    for keep in [4, 8, 40, 42] {
        let cut = format!(
            "{signed}.{}",
            base64url::encode(&base64url::decode(signature).unwrap()[..keep * 3 / 4])
        );
        refused(&cut, &policy(), Code::SignatureMismatch);
    }
    let mut longer = base64url::decode(signature).unwrap();
    longer.push(0);
    refused(
        &format!("{signed}.{}", base64url::encode(&longer)),
        &policy(),
        Code::SignatureMismatch,
    );
}

#[test]
fn attack_24_rsa1_5_does_not_exist_here() {
    refused(
        &unsigned("RSA1_5"),
        &Policy::new(every_algorithm()),
        Code::AlgorithmUnknown,
    );
    for backend in backends() {
        let rsa = jeton_testkit::jwk(Algorithm::RS256).public().unwrap();
        let json = rsa.to_public_json().unwrap();
        let json = json.replace(r#""alg":"RS256""#, r#""alg":"RSA1_5""#);
        let key = jeton_jose::jwk::Jwk::parse(json.as_bytes()).unwrap();
        let keys = VerifyingKeySet::new(&[key], every_algorithm(), backend).unwrap();
        assert!(keys.is_empty());
    }
}

#[test]
fn attack_31_deep_nesting_is_an_error() {
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(64), "]".repeat(64));
    refused(&hs256(&deep), &policy(), Code::JsonTooDeep);
    let header = format!(
        r#"{{"alg":"HS256","a":{}1{}}}"#,
        "[".repeat(64),
        "]".repeat(64)
    );
    refused(
        &forge(Algorithm::HS256, &header, CLAIMS),
        &policy(),
        Code::JsonTooDeep,
    );
    let unclosed = format!("{}{}", r#"{"a":"#, "[".repeat(40_000));
    refused(&hs256(&unclosed), &policy(), Code::JsonTooDeep);
}

#[test]
fn attack_32_sizes_and_dots_are_checked_first() {
    refused(&".".repeat(1_000_000), &policy(), Code::TokenTooLarge);
    refused(&".".repeat(60_000), &policy(), Code::TokenFormat);
    refused(&"A".repeat(60_000), &policy(), Code::TokenFormat);
    refused(
        &hs256(&format!(r#"{{"a":"{}"}}"#, "x".repeat(64 * 1024))),
        &policy(),
        Code::TokenTooLarge,
    );
    let text = format!(
        r#"{{"payload":"{}","signature":"AA"}}"#,
        "A".repeat(64 * 1024)
    );
    let error = flattened::Unverified::parse(&text, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), Code::TokenTooLarge);
    let many = format!(
        r#"{{"payload":"","signatures":[{}{{}}]}}"#,
        "{},".repeat(1000)
    );
    let error = general::Unverified::parse(&many, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), Code::TokenFormat);
}

#[test]
fn attack_32_many_parameters_on_both_sides_are_compared_once() {
    let members = |prefix: &str| {
        let members: Vec<_> = (0..2000)
            .map(|number| format!(r#""{prefix}{number}":1"#))
            .collect();
        members.join(",")
    };
    let protected = format!(r#"{{"alg":"HS256",{}}}"#, members("p"));
    let text = format!(
        r#"{{"payload":"e30","protected":"{}","header":{{{}}},"signature":"AA"}}"#,
        base64url::encode(protected.as_bytes()),
        members("u")
    );
    let token = flattened::Unverified::parse(&text, &Limits::default()).unwrap();
    assert!(token.unverified_header().unwrap().unprotected().is_some());
    let repeated = text.replace(r#""u1999":1"#, r#""p1999":1"#);
    let error = flattened::Unverified::parse(&repeated, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), Code::HeaderInvalid);
}

#[test]
fn attack_33_detached_payloads_have_the_same_limit() {
    let key = any_signing_key(Algorithm::HS256);
    let huge = vec![b'x'; 65 * 1024];
    for header in [
        HeaderBuilder::new(),
        HeaderBuilder::new().unencoded_payload(),
    ] {
        let token = compact::sign_detached(&key, &header, &huge).unwrap();
        for backend in backends() {
            let error = compact::Unverified::parse(&token, &Limits::default())
                .unwrap()
                .verify_detached(
                    huge.clone(),
                    &verifying_key(Algorithm::HS256, backend),
                    &SignatureRules::new(Algorithm::HS256),
                )
                .unwrap_err();
            assert_eq!(error.code(), Code::TokenTooLarge);
        }
    }
}

#[test]
fn attack_36_crit_is_enforced() {
    for (header, code) in [
        (
            r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
            Code::CritUnsupported,
        ),
        (r#"{"alg":"HS256","crit":[]}"#, Code::CritInvalid),
        (
            r#"{"alg":"HS256","crit":"b64","b64":true}"#,
            Code::CritInvalid,
        ),
        (r#"{"alg":"HS256","crit":[1]}"#, Code::CritInvalid),
        (
            r#"{"alg":"HS256","crit":["b64","b64"],"b64":true}"#,
            Code::CritInvalid,
        ),
        (r#"{"alg":"HS256","crit":["alg"]}"#, Code::CritInvalid),
        (r#"{"alg":"HS256","crit":["absent"]}"#, Code::CritInvalid),
        (r#"{"alg":"HS256","crit":null}"#, Code::CritInvalid),
        (r#"{"alg":"HS256","b64":true}"#, Code::CritInvalid),
    ] {
        refused(&forge(Algorithm::HS256, header, CLAIMS), &policy(), code);
    }
    accepted(
        &forge(
            Algorithm::HS256,
            r#"{"alg":"HS256","crit":["b64"],"b64":true}"#,
            CLAIMS,
        ),
        &policy(),
    );
    let mut understands = policy();
    understands.signature.critical.push("exp".to_owned());
    accepted(
        &forge(
            Algorithm::HS256,
            r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
            CLAIMS,
        ),
        &understands,
    );

    let unprotected = r#"{"payload":"e30","protected":"eyJhbGciOiJIUzI1NiJ9","header":{"crit":["exp"]},"signature":"AA"}"#;
    let error = flattened::Unverified::parse(unprotected, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), Code::CritInvalid);
}

#[test]
fn attack_37_b64_confusion() {
    let header = r#"{"alg":"HS256","b64":false}"#;
    let message = format!("{}.payload", base64url::encode(header.as_bytes()));
    let mut signature = Vec::new();
    any_signing_key(Algorithm::HS256)
        .sign(message.as_bytes(), &mut signature)
        .unwrap();
    let without_crit = format!("{message}.{}", base64url::encode(&signature));
    for backend in backends() {
        let error = compact::Unverified::parse(&without_crit, &Limits::default())
            .unwrap()
            .verify(
                &verifying_key(Algorithm::HS256, backend),
                &SignatureRules::new(Algorithm::HS256),
            )
            .unwrap_err();
        assert_eq!(error.code(), Code::CritInvalid);
    }
    // A JWT is always encoded (RFC 7797 §7), even where everything else is right.
    let unencoded = HeaderBuilder::new().unencoded_payload();
    let token = compact::sign(
        &any_signing_key(Algorithm::HS256),
        &unencoded,
        CLAIMS.as_bytes(),
    )
    .unwrap();
    refused(&token, &policy(), Code::PayloadEncoding);
    // Signatures that read the payload differently.
    let [plain, raw] = [
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
    ]
    .map(|header| base64url::encode(header.as_bytes()));
    let mixed = format!(
        r#"{{"payload":"e30","signatures":[{{"protected":"{plain}","signature":"AA"}},{{"protected":"{raw}","signature":"AA"}}]}}"#
    );
    let error = general::Unverified::parse(&mixed, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), Code::HeaderInvalid);
    let key = any_signing_key(Algorithm::HS256);
    assert!(general::sign(&[(&key, &HeaderBuilder::new()), (&key, &unencoded)], b"x").is_err());
}

#[test]
fn attack_38_only_the_compact_alphabet() {
    let token = hs256(CLAIMS);
    let json = format!(r#"{{"payload":"","protected":"{token}","signature":""}}"#);
    refused(&json, &policy(), Code::Base64Invalid);
    for (text, code) in [
        (format!(" {token}"), Code::Base64Invalid),
        (format!("{token}\n"), Code::Base64Invalid),
        (format!("{token}\0"), Code::Base64Invalid),
        (format!("Bearer {token}"), Code::Base64Invalid),
        (format!("{token}."), Code::TokenFormat),
        (format!(".{token}"), Code::TokenFormat),
        (String::new(), Code::TokenFormat),
        ("..".to_owned(), Code::JsonInvalid),
    ] {
        refused(&text, &policy(), code);
    }
}

#[test]
fn attack_39_five_parts_are_never_signed() {
    refused("e30.e30.e30.e30.e30", &policy(), Code::TokenEncrypted);
    refused("e30....", &policy(), Code::TokenEncrypted);
}

#[test]
fn attack_39_a_json_form_with_a_ciphertext_is_never_signed() {
    let key = any_signing_key(Algorithm::HS256);
    let header = HeaderBuilder::new();
    let flat = flattened::sign(&key, &header, b"{}").unwrap();
    let several = general::sign(&[(&key, &header)], b"{}").unwrap();
    let both = |text: &str| text.replacen('{', r#"{"ciphertext":"AA","#, 1);
    let limits = Limits::default();
    assert!(flattened::Unverified::parse(&flat, &limits).is_ok());
    assert!(general::Unverified::parse(&several, &limits).is_ok());
    let error = flattened::Unverified::parse(&both(&flat), &limits).unwrap_err();
    assert_eq!(error.code(), Code::TokenEncrypted);
    let error = general::Unverified::parse(&both(&several), &limits).unwrap_err();
    assert_eq!(error.code(), Code::TokenEncrypted);
}

#[test]
fn attack_41_base64_has_one_form() {
    let token = hs256(CLAIMS);
    accepted(&token, &policy());
    for end in ["=", "==", "\n", "\r\n", " ", "\t", "%3D", "\u{200b}"] {
        refused(&format!("{token}{end}"), &policy(), Code::Base64Invalid);
    }
    // 32 bytes leave two spare bits in the last character; they must be zero.
    let (rest, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let spare = alphabet
        .chars()
        .nth(alphabet.find(last).unwrap() + 1)
        .unwrap();
    refused(&format!("{rest}{spare}"), &policy(), Code::Base64Invalid);
    // `-` and `_` in their standard form.
    let token = hs256("{\"sub\":\"\u{fb}\u{ff}\u{fe}?>~\"}");
    let standard = token.replace('-', "+").replace('_', "/");
    assert_ne!(token, standard, "the sample needs both characters");
    refused(&standard, &policy(), Code::Base64Invalid);
}

#[test]
fn attack_42_duplicate_names() {
    for header in [
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","\u0061lg":"HS256"}"#,
        r#"{"alg":"HS256","x":{"y":1,"y":2}}"#,
    ] {
        refused(
            &forge(Algorithm::HS256, header, CLAIMS),
            &policy(),
            Code::JsonDuplicateName,
        );
    }
    for claims in [
        r#"{"admin":false,"admin":true}"#,
        r#"{"admin":false,"\u0061dmin":true}"#,
    ] {
        refused(&hs256(claims), &policy(), Code::JsonDuplicateName);
    }
    accepted(&hs256(r#"{"nested":{"a":1,"a":2}}"#), &policy());
    let form = r#"{"payload":"e30","payload":"","signature":"AA"}"#;
    assert_eq!(
        flattened::Unverified::parse(form, &Limits::default())
            .unwrap_err()
            .code(),
        Code::JsonDuplicateName
    );
}

#[test]
fn attack_43_invalid_utf8_and_byte_order_marks() {
    let sign = |header: &[u8], payload: &[u8]| {
        let message = format!(
            "{}.{}",
            base64url::encode(header),
            base64url::encode(payload)
        );
        let mut signature = Vec::new();
        any_signing_key(Algorithm::HS256)
            .sign(message.as_bytes(), &mut signature)
            .unwrap();
        format!("{message}.{}", base64url::encode(&signature))
    };
    let header = br#"{"alg":"HS256"}"#;
    refused(
        &sign(header, b"{\"sub\":\"\xff\"}"),
        &policy(),
        Code::JsonInvalid,
    );
    refused(
        &sign(header, b"\xef\xbb\xbf{}"),
        &policy(),
        Code::JsonInvalid,
    );
    refused(
        &sign(b"\xef\xbb\xbf{\"alg\":\"HS256\"}", b"{}"),
        &policy(),
        Code::JsonInvalid,
    );
    refused(
        &sign(b"{\"alg\":\"HS256\",\"x\":\"\xc0\x80\"}", b"{}"),
        &policy(),
        Code::JsonInvalid,
    );
    refused(&hs256(r#"{"sub":"\ud800"}"#), &policy(), Code::JsonInvalid);
}

#[test]
fn attack_44_claims_are_an_object() {
    for payload in ["[]", r#"["iss","sub"]"#, "1", r#""x""#, "null", "true"] {
        refused(&hs256(payload), &policy(), Code::ClaimsInvalid);
    }
    for payload in ["", "{", "{} {}", "{'a':1}"] {
        refused(&hs256(payload), &policy(), Code::JsonInvalid);
    }
}

#[test]
fn attack_45_headers_are_disjoint_and_only_the_verified_one_is_answered() {
    let repeated = r#"{"payload":"e30","protected":"eyJhbGciOiJIUzI1NiJ9","header":{"alg":"HS256"},"signature":"AA"}"#;
    let error = flattened::Unverified::parse(repeated, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), Code::HeaderInvalid);

    let good = any_signing_key(Algorithm::HS256);
    let other = any_signing_key(Algorithm::HS384);
    let [first, second] = ["first", "second"].map(|typ| HeaderBuilder::new().typ(typ));
    let text = general::sign(&[(&other, &first), (&good, &second)], b"payload").unwrap();
    let token = general::Unverified::parse(&text, &Limits::default()).unwrap();
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        let rules = SignatureRules::new(Algorithm::HS256);
        let verified = token.verify_any(&keys, &rules).unwrap();
        assert_eq!(verified.header().typ(), Some("second"));
        assert_eq!(
            token.verify_all(&keys, &rules).unwrap_err().code(),
            Code::AlgorithmNotAllowed
        );
    }
}
