//! Nested tokens: signed inside, encrypted outside.

use jeton_jose::backend::Encryption;
use jeton_jose::jwe::{self, EncryptError, EncryptionRules, HeaderBuilder};
use jeton_jose::jwt::{self, Policy, nested};
use jeton_jose::key::DecryptingKeySet;
use jeton_jose::{Algorithm, Code, ContentEncryption, KeyManagement};
use jeton_testkit::{NOW, backends, decrypting_key, encrypting_key, verifying_key};

use crate::{forge, hs256};

const ALG: KeyManagement = KeyManagement::ECDH_ES_A128KW;
const ENC: ContentEncryption = ContentEncryption::A128GCM;

fn encrypt(inner: &str, header: &HeaderBuilder, backend: &'static dyn Encryption) -> String {
    let key = encrypting_key(ALG, backend);
    jwe::compact::encrypt(&key, header, inner.as_bytes(), backend).unwrap()
}

fn keys(backend: &'static dyn Encryption) -> DecryptingKeySet {
    decrypting_key(ALG, backend).unwrap().into()
}

/// The verdict on a token that is decrypted, then verified under this policy.
fn verdict(token: &str, policy: &Policy, backend: &'static dyn Encryption) -> Result<(), Code> {
    nested::decrypt(token, &keys(backend), &EncryptionRules::new(ALG, ENC))
        .and_then(|inner| inner.verify(&verifying_key(Algorithm::HS256, backend), policy, NOW))
        .map(|_| ())
        .map_err(|error| error.code())
}

fn policy() -> Policy {
    Policy::new(Algorithm::HS256)
}

fn jwt_header() -> HeaderBuilder {
    HeaderBuilder::new(ENC).content_type("JWT")
}

#[test]
fn signed_then_encrypted_decrypts_then_verifies() {
    for backend in backends() {
        let signed = hs256(r#"{"sub":"ada","exp":1767225900}"#);
        let key = encrypting_key(ALG, backend);
        let header = HeaderBuilder::new(ENC).typ("JWT");
        let token = nested::encrypt(&signed, &key, &header, backend).unwrap();
        let rules = EncryptionRules::new(ALG, ENC);
        for reader in backends() {
            let decrypted = nested::decrypt(&token, &keys(reader), &rules).unwrap();
            assert_eq!(decrypted.header().content_type(), Some("JWT"));
            assert_eq!(decrypted.unverified_inner(), signed);
            let keys = verifying_key(Algorithm::HS256, reader);
            let verified = decrypted
                .verify(&keys, &policy().subject("ada"), NOW)
                .unwrap();
            assert_eq!(verified.claims().subject(), Some("ada"));
        }
    }
}

#[test]
fn only_signed_tokens_are_nested() {
    for backend in backends() {
        let key = encrypting_key(ALG, backend);
        let header = HeaderBuilder::new(ENC);
        let signed = hs256("{}");
        let encrypted = nested::encrypt(&signed, &key, &header, backend).unwrap();
        for inner in ["", "{}", "eyJhbGciOiJub25lIn0.e30.", &encrypted] {
            let refused = nested::encrypt(inner, &key, &header, backend);
            assert!(
                matches!(refused, Err(EncryptError::NotSigned(_))),
                "{inner}"
            );
        }
    }
}

#[test]
fn attack_40_an_inner_token_that_is_not_signed_never_passes() {
    for backend in backends() {
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.";
        let bare = r#"{"sub":"ada"}"#;
        let encrypted = encrypt(&hs256(bare), &jwt_header(), backend);
        let forged = {
            let signed = hs256(bare);
            let (message, _) = signed.rsplit_once('.').unwrap();
            format!("{message}.{}", "A".repeat(43))
        };
        for (inner, code) in [
            (unsigned, Code::AlgorithmNone),
            (bare, Code::TokenFormat),
            ("", Code::TokenFormat),
            (encrypted.as_str(), Code::TokenEncrypted),
            (forged.as_str(), Code::SignatureMismatch),
        ] {
            let token = encrypt(inner, &jwt_header(), backend);
            assert_eq!(verdict(&token, &policy(), backend), Err(code), "{inner}");
        }
        let other = forge(Algorithm::ES256, r#"{"alg":"ES256"}"#, bare);
        let token = encrypt(&other, &jwt_header(), backend);
        assert_eq!(
            verdict(&token, &policy(), backend),
            Err(Code::AlgorithmNotAllowed)
        );
    }
}

#[test]
fn attack_40_the_header_must_say_that_a_token_is_inside() {
    for backend in backends() {
        let signed = hs256("{}");
        for (header, passes) in [
            (HeaderBuilder::new(ENC), false),
            (HeaderBuilder::new(ENC).content_type("text/plain"), false),
            (HeaderBuilder::new(ENC).content_type("JWT2"), false),
            (jwt_header(), true),
            (HeaderBuilder::new(ENC).content_type("jwt"), true),
            (
                HeaderBuilder::new(ENC).content_type("application/jwt"),
                true,
            ),
        ] {
            let token = encrypt(&signed, &header, backend);
            let expected = if passes {
                Ok(())
            } else {
                Err(Code::HeaderInvalid)
            };
            assert_eq!(verdict(&token, &policy(), backend), expected, "{header:?}");
        }
        let plain = jwt::verify(
            &encrypt(&signed, &jwt_header(), backend),
            &verifying_key(Algorithm::HS256, backend),
            &policy(),
            NOW,
        );
        assert_eq!(plain.unwrap_err().code(), Code::TokenEncrypted);
    }
}

#[test]
fn attack_55_the_same_claim_rules_hold_inside() {
    for backend in backends() {
        let strict = policy()
            .issuer("https://issuer.example")
            .audience("api")
            .require("exp");
        for (claims, code) in [
            (
                r#"{"iss":"https://issuer.example","aud":"api"}"#,
                Code::ClaimMissing,
            ),
            (
                r#"{"iss":"https://issuer.example","aud":"api","exp":1}"#,
                Code::TokenExpired,
            ),
            (
                r#"{"iss":"x","aud":"api","exp":1767225900}"#,
                Code::IssuerMismatch,
            ),
            (
                r#"{"iss":"https://issuer.example","aud":"y","exp":1767225900}"#,
                Code::AudienceMismatch,
            ),
            (
                r#"{"iss":"https://issuer.example","aud":"api","exp":"1767225900"}"#,
                Code::ClaimType,
            ),
            ("[]", Code::ClaimsInvalid),
        ] {
            let token = encrypt(&hs256(claims), &jwt_header(), backend);
            assert_eq!(verdict(&token, &strict, backend), Err(code), "{claims}");
        }
        let good = r#"{"iss":"https://issuer.example","aud":"api","exp":1767225900}"#;
        let token = encrypt(&hs256(good), &jwt_header(), backend);
        assert_eq!(verdict(&token, &strict, backend), Ok(()));
        let typed = policy().typ("at+jwt");
        assert_eq!(
            verdict(&token, &typed, backend),
            Err(Code::TypeMismatch),
            "the inner `typ`"
        );
    }
}

#[test]
fn claims_repeated_in_the_header_must_agree() {
    for backend in backends() {
        let inner = hs256(r#"{"iss":"a","sub":"b","aud":["c"]}"#);
        let check = |name: &str, value: &dyn Fn(HeaderBuilder) -> HeaderBuilder| {
            let token = encrypt(&inner, &value(jwt_header()), backend);
            (name.to_owned(), verdict(&token, &policy(), backend))
        };
        let set = |name: &'static str, value: &'static str| {
            move |header: HeaderBuilder| header.parameter(name, value).unwrap()
        };
        for (name, value, expected) in [
            ("iss", "a", Ok(())),
            ("iss", "b", Err(Code::ClaimMismatch)),
            ("sub", "b", Ok(())),
            ("sub", "B", Err(Code::ClaimMismatch)),
            ("aud", "c", Err(Code::ClaimMismatch)),
        ] {
            assert_eq!(check(name, &set(name, value)), (name.to_owned(), expected));
        }
        let array = |header: HeaderBuilder| header.parameter("aud", &["c"]).unwrap();
        assert_eq!(check("aud", &array).1, Ok(()));
    }
}
