use jeton_jose::Algorithm;
use jeton_jose::alg::Hash;
use jeton_jose::backend::RustCrypto;
use jeton_jose::base64url;
use jeton_testkit::{backends, jwk, jwks};
use proptest::prelude::*;

use super::*;
use crate::finding::Severity;

const P256_CERTIFICATE: &str = include_str!("../../../jose/src/key/testdata/p256-certificate.pem");

/// The report, on every backend alike.
fn report(json: &str) -> KeySetReport {
    let mut reports: Vec<_> = backends()
        .into_iter()
        .map(|backend| examine(json.as_bytes(), backend).unwrap())
        .collect();
    reports.dedup();
    assert_eq!(reports.len(), 1, "the backends differ");
    reports.remove(0)
}

/// A set of these.
fn set(keys: &[&str]) -> KeySetReport {
    report(&format!(r#"{{"keys":[{}]}}"#, keys.join(",")))
}

/// The public JSON of a test key with further members in front.
fn public(algorithm: Algorithm, members: &str) -> String {
    let json = jwk(algorithm).to_public_json().unwrap();
    format!("{{{members}{}", &json[1..])
}

/// A public test key without `kid` and `alg`.
fn plain(algorithm: Algorithm, members: &str) -> String {
    let material = jwk(algorithm).material().public().unwrap();
    let json = jeton_jose::Jwk::from(material).to_public_json().unwrap();
    format!("{{{members}{}", &json[1..])
}

fn codes(findings: &[Finding]) -> Vec<FindingCode> {
    findings.iter().map(|finding| finding.code).collect()
}

/// What is found of a single key.
fn found(json: &str) -> Vec<FindingCode> {
    codes(&report(json).keys[0].findings)
}

fn pointer(finding: &Finding) -> &str {
    finding.place.as_ref().unwrap().pointer.as_deref().unwrap()
}

#[test]
fn a_good_set_has_no_finding() {
    let keys = [
        public(Algorithm::ES256, ""),
        public(Algorithm::RS256, r#""use":"sig","#),
    ];
    let report = set(&[&keys[0], &keys[1]]);
    assert_eq!(report.findings, []);
    assert!(
        report.keys.iter().all(|key| key.findings.is_empty()),
        "{report:?}"
    );
    let key = &report.keys[0];
    assert_eq!(
        (key.kid.as_deref(), key.kty.as_deref(), key.crv.as_deref()),
        (Some("es256"), Some("EC"), Some("P-256"))
    );
    assert_eq!((key.bits, key.private), (Some(256), false));
    assert_eq!(key.algorithms, ["ES256"]);
    assert_eq!(
        key.thumbprint,
        Some(jwk(Algorithm::ES256).thumbprint(Hash::Sha256, &RustCrypto))
    );
}

#[test]
fn published_private_keys_are_found_even_if_unreadable() {
    for key in jwks() {
        let json = key.to_json();
        let report = report(&json);
        assert_eq!(
            codes(&report.keys[0].findings),
            [FindingCode::KeyPrivatePublished]
        );
        assert!(report.keys[0].private);
        if key.public().is_none() {
            assert_eq!(
                report.keys[0].thumbprint, None,
                "a secret's would confirm guesses"
            );
        }
    }
    let report = report(&public(Algorithm::RS256, r#""d":"AQAB","#));
    let key = &report.keys[0];
    assert_eq!(
        codes(&key.findings),
        [FindingCode::KeyPrivatePublished, FindingCode::KeyUnusable]
    );
    assert_eq!(pointer(&key.findings[0]), "/d");
    assert_eq!(key.bits, Some(2048));
    assert!(
        !found(r#"{"kty":"AKP","kid":"a","alg":"ML-DSA-44","pub":"AA"}"#)
            .contains(&FindingCode::KeyPrivatePublished)
    );
    assert!(
        found(r#"{"kty":"AKP","kid":"a","alg":"ML-DSA-44","priv":"AA"}"#)
            .contains(&FindingCode::KeyPrivatePublished)
    );
}

fn rsa(n: &[u8], e: &[u8]) -> String {
    format!(
        r#"{{"kty":"RSA","kid":"r","alg":"RS256","n":"{}","e":"{}"}}"#,
        base64url::encode(n),
        base64url::encode(e)
    )
}

#[test]
fn weak_rsa_keys_are_found() {
    let modulus = |len: usize| {
        let mut n = vec![0xa5; len];
        n[len - 1] = 0xa7;
        n
    };
    let sound = &[1, 0, 1];
    assert_eq!(found(&rsa(&modulus(256), sound)), []);
    assert_eq!(found(&rsa(&modulus(128), sound)), [FindingCode::KeyWeak]);
    assert_eq!(
        found(&rsa(&modulus(32), sound)),
        [FindingCode::KeyUnusable, FindingCode::KeyWeak]
    );
    assert_eq!(found(&rsa(&modulus(256), &[1])), [FindingCode::KeyExponent]);
    assert_eq!(
        found(&rsa(&modulus(256), &[1, 0, 0])),
        [FindingCode::KeyExponent]
    );
    assert_eq!(
        found(&rsa(&modulus(128), &[2])),
        [FindingCode::KeyExponent, FindingCode::KeyWeak]
    );
    // Three is small, and no more than a note.
    let report = report(&rsa(&modulus(256), &[3]));
    assert_eq!(codes(&report.keys[0].findings), [FindingCode::KeyExponent]);
    assert_eq!(report.keys[0].findings[0].severity, Severity::Note);
    assert_eq!(found(&rsa(&modulus(256), &[19])), []);
    let mut even = modulus(256);
    even[255] = 0xa6;
    assert_eq!(found(&rsa(&even, sound)), [FindingCode::KeyUnusable]);
}

#[test]
fn roca_keys_are_found() {
    // 65537^128, in base 2^16: row 128 of Pascal's triangle, carried.
    let mut digits = vec![1u32];
    for _ in 0..128 {
        let mut carry = 0;
        digits.push(0);
        let below: Vec<u32> = core::iter::once(0).chain(digits.clone()).collect();
        for (digit, below) in digits.iter_mut().zip(below) {
            carry += *digit + below;
            *digit = carry & 0xffff;
            carry >>= 16;
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    let bytes = digits
        .iter()
        .rev()
        .flat_map(|digit| digit.to_be_bytes()[2..].to_vec());
    let mut power: Vec<u8> = bytes.skip_while(|byte| *byte == 0).collect();
    assert_eq!(found(&rsa(&power, &[1, 0, 1])), [FindingCode::KeyRoca]);
    let last = power.len() - 1;
    power[last] = power[last].wrapping_add(2);
    assert_eq!(found(&rsa(&power, &[1, 0, 1])), []);
}

#[test]
fn short_secrets_are_weak() {
    let secret = |len, alg: &str| {
        format!(
            r#"{{"kty":"oct","kid":"s",{alg}"k":"{}"}}"#,
            base64url::encode(&vec![7; len])
        )
    };
    let private = FindingCode::KeyPrivatePublished;
    assert_eq!(found(&secret(32, r#""alg":"HS256","#)), [private]);
    assert_eq!(
        found(&secret(31, r#""alg":"HS256","#)),
        [private, FindingCode::KeyWeak]
    );
    assert_eq!(
        found(&secret(16, r#""alg":"A128KW","#)),
        [private],
        "not a secret for HMAC"
    );
    let report = report(&secret(32, ""));
    assert_eq!(
        report.keys[0].findings[1].severity,
        Severity::Note,
        "HS256 is fine, HS512 is not"
    );
}

#[test]
fn kids_are_counted_and_compared() {
    let (one, two) = (public(Algorithm::ES256, ""), public(Algorithm::ES384, ""));
    let same = set(&[&one, &two, &one]);
    assert_eq!(codes(&same.findings), [FindingCode::KidDuplicate]);
    assert_eq!(same.findings[0].message, "keys 0, 2 share a `kid`");
    assert_eq!(
        found(&plain(Algorithm::ES256, "")),
        [FindingCode::KidMissing]
    );
    assert_eq!(
        found(&plain(Algorithm::ES256, r#""kid":"","#)),
        [FindingCode::KidMissing]
    );
    let thumbprint = |algorithm| jwk(algorithm).thumbprint(Hash::Sha256, &RustCrypto);
    let named = |kid: &str| found(&plain(Algorithm::ES256, &format!(r#""kid":"{kid}","#)));
    assert_eq!(named(&thumbprint(Algorithm::ES256)), []);
    assert_eq!(
        named(&thumbprint(Algorithm::Ed25519)),
        [FindingCode::KidNotThumbprint]
    );
    assert_eq!(named(&thumbprint(Algorithm::Ed25519)[1..]), []);
}

#[test]
fn contradictions_about_use_are_found() {
    let conflicts = |algorithm, members: &str| {
        let found = found(&plain(algorithm, &format!(r#""kid":"k",{members}"#)));
        found
            .iter()
            .filter(|code| **code == FindingCode::KeyUseConflict)
            .count()
    };
    let (rsa, ec) = (Algorithm::RS256, Algorithm::ES256);
    for members in [
        r#""use":"sig","key_ops":["encrypt"],"#,
        r#""use":"enc","key_ops":["verify"],"#,
        r#""key_ops":["verify","wrapKey"],"#,
        r#""key_ops":["verify","verify"],"#,
        r#""use":"signature","#,
        r#""alg":"ES256","#,
        r#""alg":"RS256","use":"enc","#,
        r#""alg":"RSA-OAEP","use":"sig","#,
        r#""alg":"RS256","key_ops":["encrypt"],"#,
        r#""alg":"RSA-OAEP","key_ops":["verify"],"#,
    ] {
        assert_eq!(conflicts(rsa, members), 1, "{members}");
    }
    assert_eq!(conflicts(ec, r#""alg":"ES384","#), 1);
    for members in [
        r#""use":"sig","key_ops":["verify"],"alg":"PS256","#,
        r#""use":"enc","key_ops":["wrapKey"],"alg":"RSA-OAEP-256","#,
        r#""key_ops":["sign","verify"],"#,
        r#""alg":"XX999","#,
    ] {
        assert_eq!(conflicts(rsa, members), 0, "{members}");
    }
    assert_eq!(conflicts(ec, r#""alg":"ECDH-ES","use":"enc","#), 0);
    assert_eq!(conflicts(Algorithm::Ed25519, r#""alg":"EdDSA","#), 0);
}

/// The certificate of the P-256 test key of the core, and the key itself.
fn certified() -> (String, String) {
    let key = jeton_jose::key::read(P256_CERTIFICATE.as_bytes(), &RustCrypto).unwrap();
    let lines = P256_CERTIFICATE
        .lines()
        .filter(|line| !line.starts_with("--"));
    (lines.collect(), key.keys[0].to_public_json().unwrap())
}

#[test]
fn certificates_have_to_hold_the_key() {
    let (certificate, key) = certified();
    let with = |key: &str, members: &str| {
        found(&format!(
            r#"{{"kid":"k","x5c":["{certificate}"],{members}{}"#,
            &key[1..]
        ))
    };
    assert_eq!(with(&key, ""), []);
    assert_eq!(
        with(&plain(Algorithm::ES256, ""), ""),
        [FindingCode::CertificateMismatch]
    );
    let der = base64url::decode(
        certificate
            .replace('+', "-")
            .replace('/', "_")
            .trim_end_matches('='),
    )
    .unwrap();
    let sha1 = base64url::encode(&RustCrypto.certificate_sha1(&der));
    let sha256 = base64url::encode(RustCrypto.digest(Hash::Sha256, &der).as_ref());
    assert_eq!(
        with(&key, &format!(r#""x5t":"{sha1}","x5t#S256":"{sha256}","#)),
        []
    );
    let both = [
        FindingCode::CertificateMismatch,
        FindingCode::CertificateMismatch,
    ];
    assert_eq!(
        with(&key, &format!(r#""x5t":"{sha256}","x5t#S256":"{sha1}","#)),
        both
    );
    let broken = |chain: &str| found(&public(Algorithm::ES256, &format!(r#""x5c":["{chain}"],"#)));
    assert_eq!(broken("*"), [FindingCode::CertificateMismatch]);
    assert_eq!(broken("YWJj"), [FindingCode::CertificateMismatch]);
}

#[test]
fn unknown_kinds_are_kept_and_said() {
    let report = set(&[
        r#"{"kty":"OKP","crv":"X25519","kid":"a","x":"AA"}"#,
        r#"{"kty":"LWE","kid":"b"}"#,
        "7",
    ]);
    let severities: Vec<_> = report
        .keys
        .iter()
        .map(|key| key.findings.last().unwrap().severity)
        .collect();
    assert_eq!(
        severities,
        [Severity::Note, Severity::Warning, Severity::Warning]
    );
    assert!(
        report
            .keys
            .iter()
            .all(|key| codes(&key.findings).contains(&FindingCode::KeyUnusable))
    );
    assert_eq!(report.keys[1].kty.as_deref(), Some("LWE"));
}

#[test]
fn points_of_small_order_protect_nothing() {
    let x = base64url::encode(&[0; 32]);
    let report = report(&format!(
        r#"{{"kty":"OKP","crv":"Ed25519","kid":"k","x":"{x}"}}"#
    ));
    assert_eq!(codes(&report.keys[0].findings), [FindingCode::KeyWeak]);
    assert_eq!(report.keys[0].findings[0].severity, Severity::Problem);
}

#[test]
fn points_have_to_be_on_their_curve() {
    let mut x = vec![1; 32];
    x[0] = 0;
    let x = base64url::encode(&x);
    let key = format!(r#"{{"kty":"EC","crv":"P-256","kid":"k","x":"{x}","y":"{x}"}}"#);
    assert_eq!(found(&key), [FindingCode::KeyUnusable]);
}

#[test]
fn sets_are_judged_as_a_whole() {
    let (one, two) = (public(Algorithm::ES256, ""), public(Algorithm::ES384, ""));
    let secret = jwk(Algorithm::HS256).to_json();
    assert_eq!(codes(&set(&[]).findings), [FindingCode::SetEmpty]);
    assert_eq!(
        codes(&set(&[&one]).findings),
        [FindingCode::RotationNotReady]
    );
    assert_eq!(codes(&set(&[&one, &two]).findings), []);
    assert_eq!(
        codes(&set(&[&one, &secret]).findings),
        [FindingCode::SetMixed]
    );
    let encryption = plain(Algorithm::RS256, r#""kid":"e","use":"enc","#);
    assert_eq!(
        codes(&set(&[&one, &encryption]).findings),
        [FindingCode::RotationNotReady]
    );
    // A single key is no set.
    assert_eq!(
        (report(&one).form, report(&one).findings),
        (Form::Key, vec![])
    );
    assert_eq!(
        codes(&report(r#"{"keys":7}"#).findings)[0],
        FindingCode::KeyUnusable
    );
}

#[test]
fn duplicate_names_are_reported_and_the_rest_read() {
    let text = format!(
        r#"{{"keys":[{}],"keys":[],"a/b":{{"c":1,"c":2}}}}"#,
        public(Algorithm::ES256, r#""kid":"x","#)
    );
    let report = report(&text);
    let duplicates: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.code == FindingCode::DuplicateName)
        .collect();
    let pointers: Vec<_> = duplicates.iter().map(|finding| pointer(finding)).collect();
    assert_eq!(pointers, ["/keys", "/keys/0/kid", "/a~1b/c"]);
    for (finding, name) in duplicates.iter().zip([r#""keys""#, r#""kid""#, r#""c""#]) {
        let bytes = finding.place.as_ref().unwrap().bytes.clone().unwrap();
        assert_eq!(&text[bytes], name);
    }
    assert_eq!(report.keys[0].kid.as_deref(), Some("x"));
}

#[test]
fn the_work_is_bounded() {
    let many = vec!["{}"; MOST_KEYS + 3];
    let report = set(&many);
    assert_eq!((report.keys.len(), report.left_out), (MOST_KEYS, 3));
    let twice = vec![r#""a":0"#; 200].join(",");
    let report = self::report(&format!("{{{twice}}}"));
    assert_eq!(report.findings.len(), MOST_DUPLICATES);
    assert!(examine(&vec![b' '; LONGEST_TEXT + 1], &RustCrypto).is_err());
    assert!(examine(b"nothing", &RustCrypto).is_err());
}

#[test]
fn reports_hold_no_key_bytes() {
    for key in jwks() {
        let json = key.to_json();
        let written = json::to_string(&report(&json)).unwrap();
        let debug = format!("{:?}", report(&json));
        let document = Document::parse(json.as_bytes(), &Options::strict()).unwrap();
        for name in ["k", "d", "p", "q", "n", "x"] {
            let member = document.root().as_object().unwrap().get(name);
            if let Some(bytes) = member.and_then(Value::as_str) {
                assert!(!written.contains(bytes) && !debug.contains(bytes), "{name}");
            }
        }
    }
}

proptest! {
    #[test]
    fn nothing_panics(
        text in "\\PC{0,60}",
        name in "kty|crv|x|y|n|e|d|k|x5c|x5t|kid|alg|use|key_ops",
        value in "\"(RSA|EC|OKP|oct|P-256|AQAB|[A-Za-z0-9_-]{0,50})\"|[0-9]|\\[(\"[a-z]{0,4}\")?\\]|\\{\\}|null",
    ) {
        let _ = examine(text.as_bytes(), &RustCrypto);
        for key in jwks() {
            let json = key.to_json();
            let changed = format!("{{\"{name}\":{value},{}", &json[1..]);
            let _ = examine(changed.as_bytes(), &RustCrypto);
            let _ = examine(format!("{{\"keys\":[{changed},{value}]}}").as_bytes(), &RustCrypto);
        }
    }
}
