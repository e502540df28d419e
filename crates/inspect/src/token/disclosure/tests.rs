use jeton_jose::Algorithm;
use jeton_jose::jws::HeaderBuilder;
use jeton_jose::sd_jwt::{Builder, Challenge, bind};
use jeton_testkit::{NOW, any_signing_key, jwk};

use super::*;
use crate::finding::FindingCode;
use crate::token::{Inspection, inspect};

fn one(text: &str) -> Inspection {
    let mut report = inspect(text, &Options::new(NOW));
    assert_eq!(report.tokens.len(), 1, "{text}");
    report.tokens.remove(0)
}

fn has(text: &str, code: FindingCode) -> bool {
    one(text)
        .findings
        .iter()
        .any(|finding| finding.code == code)
}

/// With `cnf` the holder's key is that of ES256.
fn issued(bound: bool) -> String {
    let holder = jwk(Algorithm::ES256).public().unwrap();
    let cnf = format!("\"cnf\":{{\"jwk\":{}}},", holder.to_json().as_str());
    let claims = format!(
        r#"{{{}"iss":"https://a.example","given_name":"Ada","address":{{"street":"Dorset","city":"London"}},"nationalities":["GB","FR"]}}"#,
        if bound { &cnf } else { "" }
    );
    let mut builder = Builder::from_json(&claims).unwrap();
    for pointer in [
        "/given_name",
        "/address",
        "/address/street",
        "/nationalities/1",
    ] {
        builder = builder.disclosable(pointer);
    }
    let mut count = 0;
    let mut salts = || {
        count += 1;
        [count; 16]
    };
    builder
        .header(HeaderBuilder::new().typ("example+sd-jwt"))
        .decoys("", 2)
        .sign(
            &any_signing_key(Algorithm::Ed25519),
            &mut salts,
            &RustCrypto,
        )
        .unwrap()
}

/// A token that nobody signed.
fn forged(payload: &str, disclosures: &[&str]) -> String {
    let header = base64url::encode(br#"{"alg":"ES256","typ":"example+sd-jwt"}"#);
    let payload = base64url::encode(payload.as_bytes());
    let signature = base64url::encode(&[7; 64]);
    let token = format!("{header}.{payload}.{signature}~");
    disclosures.iter().fold(token, |text, disclosure| {
        format!("{text}{}~", base64url::encode(disclosure.as_bytes()))
    })
}

fn digest_of(json: &str) -> String {
    digest(Hash::Sha256, &base64url::encode(json.as_bytes()))
}

#[test]
fn a_digest_of_the_standard() {
    // RFC 9901 §4.2.3.
    let disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    assert_eq!(
        digest(Hash::Sha256, disclosure),
        "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    );
}

#[test]
fn each_disclosure_is_told_with_its_place() {
    let seen = one(&issued(false));
    assert_eq!(seen.kind, crate::find::Kind::SdJwt);
    let disclosing = seen.disclosing.unwrap();
    assert_eq!(disclosing.hash, "sha-256");
    assert_eq!(disclosing.undisclosed, 2);
    assert_eq!(disclosing.key_binding, None);
    let told: Vec<_> = disclosing
        .disclosures
        .iter()
        .map(|one| {
            let spot = one.digest_at.as_ref().unwrap();
            let value = one.value.as_ref().unwrap().text();
            (
                one.pointer.as_deref().unwrap(),
                one.name.as_deref(),
                (!value.starts_with('{')).then_some(value),
                spot.disclosure,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/given_name", Some("given_name"), Some("\"Ada\""), None),
            (
                "/address/street",
                Some("street"),
                Some("\"Dorset\""),
                Some(2)
            ),
            ("/address", Some("address"), None, None),
            ("/nationalities/1", None, Some("\"FR\""), None),
        ]
    );
    let element = disclosing.disclosures[3].digest_at.as_ref().unwrap();
    assert_eq!(element.pointer, "/nationalities/1/...");
    for one in &disclosing.disclosures {
        assert_eq!(one.salt.as_ref().unwrap().len(), 22);
    }
    let names: Vec<_> = disclosing
        .claims
        .iter()
        .map(|claim| claim.name.as_str())
        .collect();
    assert_eq!(names.len(), 4);
    assert!(!names.contains(&"_sd"), "{names:?}");
    assert!(disclosing.json.unwrap().text().contains(r#"["GB","FR"]"#));
    let quiet = [
        FindingCode::SaltWeak,
        FindingCode::DisclosuresRefused,
        FindingCode::ClaimTypeWrong,
    ];
    assert!(
        !seen.findings.iter().any(|one| quiet.contains(&one.code)),
        "{:?}",
        seen.findings
    );
}

#[test]
fn the_key_binding_is_held_against_the_presentation() {
    let issued = issued(true);
    assert!(has(&issued, FindingCode::KeyBindingAbsent));
    let challenge = Challenge {
        audience: "https://v.example",
        nonce: "n",
    };
    let holder = any_signing_key(Algorithm::ES256);
    let bound = bind(&issued, &holder, &challenge, NOW, &RustCrypto).unwrap();
    let seen = one(&bound);
    assert!(
        seen.disclosing
            .as_ref()
            .unwrap()
            .key_binding
            .as_ref()
            .unwrap()
            .fits
    );
    assert_eq!(seen.nested.len(), 1);
    assert_eq!(seen.nested[0].found.source, crate::find::Source::KeyBinding);
    for code in [FindingCode::KeyBindingAbsent, FindingCode::SdHashMismatch] {
        assert!(!has(&bound, code), "{code}");
    }
    // A disclosure fewer, the same proof.
    let mut parts: Vec<_> = bound.split('~').collect();
    parts.remove(1);
    assert!(has(&parts.join("~"), FindingCode::SdHashMismatch));
    let proof = bound.rsplit('~').next().unwrap();
    let unbound = format!("{}{proof}", self::issued(false));
    assert!(has(&unbound, FindingCode::KeyBindingUnbound));
    assert!(!has(&bound, FindingCode::KeyBindingUnbound));
    assert!(!has(&self::issued(false), FindingCode::KeyBindingAbsent));
}

#[test]
fn what_the_issuer_did_wrong_is_found() {
    let salt = "AAECAwQFBgcICQoLDA0ODw";
    let name = format!(r#"["{salt}","name","Ada"]"#);
    let exp = r#"["AQECAwQFBgcICQoLDA0ODw","exp",1]"#;
    let same = format!(r#"["{salt}","nick","A"]"#);
    let short = r#"["abc","name","Ada"]"#;
    let reserved = format!(r#"["{salt}","_sd","Ada"]"#);
    let payload = |digests: &[&str]| {
        let digests: Vec<_> = digests
            .iter()
            .map(|one| format!("\"{}\"", digest_of(one)))
            .collect();
        format!(r#"{{"_sd":[{}],"_sd_alg":"sha-256"}}"#, digests.join(","))
    };
    let sound = forged(&payload(&[&name]), &[&name]);
    let cases = [
        (
            FindingCode::SdHashUnknown,
            forged(r#"{"_sd":[],"_sd_alg":"sha-256-32"}"#, &[]),
        ),
        (
            FindingCode::SdHashUnknown,
            forged(r#"{"_sd":[],"_sd_alg":7}"#, &[]),
        ),
        (
            FindingCode::SdHashMissing,
            forged(
                &payload(&[&name]).replace(r#","_sd_alg":"sha-256""#, ""),
                &[&name],
            ),
        ),
        (
            FindingCode::DigestDuplicate,
            forged(&payload(&[&name, &name]), &[&name]),
        ),
        (
            FindingCode::DisclosureUnreferenced,
            forged(&payload(&[]), &[&name]),
        ),
        (
            FindingCode::DisclosureDecides,
            forged(&payload(&[exp]), &[exp]),
        ),
        (
            FindingCode::DisclosuresRefused,
            forged(&payload(&[&reserved]), &[&reserved]),
        ),
        (
            FindingCode::DisclosuresRefused,
            forged(
                &payload(&[&name]).replacen('{', r#"{"name":"Eve","#, 1),
                &[&name],
            ),
        ),
        (FindingCode::SaltWeak, forged(&payload(&[short]), &[short])),
        (
            FindingCode::SaltWeak,
            forged(&payload(&[&name, &same]), &[&name, &same]),
        ),
        (
            FindingCode::TildeMissing,
            sound.split('~').next().unwrap().to_owned(),
        ),
    ];
    for (code, text) in cases {
        assert!(has(&text, code), "{code}: {:?}", one(&text).findings);
        assert!(!has(&sound, code), "{code}");
    }
}
