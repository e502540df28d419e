//! For each code a token that has it, and a near one that must not.

use core::time::Duration;

use jeton_jose::base64url;
use jeton_testkit::NOW;

use crate::finding::{Finding, FindingCode, Severity};
use crate::token::{Options, inspect};

const GOOD_HEADER: &str = r#"{"alg":"ES256","typ":"JWT"}"#;
const GOOD: &str =
    r#"{"iss":"https://a.example","aud":"b","sub":"c","iat":1767225600,"exp":1767229200}"#;

fn token(header: &str, payload: &str) -> String {
    format!(
        "{}.{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(payload.as_bytes()),
        base64url::encode(&[7; 64])
    )
}

fn findings(text: &str) -> Vec<Finding> {
    inspect(text, &Options::new(NOW)).tokens.remove(0).findings
}

fn has(text: &str, code: FindingCode) -> bool {
    findings(text).iter().any(|finding| finding.code == code)
}

/// These headers have it, those do not.
fn headers(code: FindingCode, with: &[&str], without: &[&str]) {
    for header in with {
        assert!(has(&token(header, GOOD), code), "{code} in {header}");
    }
    for header in without {
        assert!(!has(&token(header, GOOD), code), "no {code} in {header}");
    }
}

/// These claims, put before sound ones, have it, those do not.
fn claims(code: FindingCode, with: &[&str], without: &[&str]) {
    let put = |claim: &str| token(GOOD_HEADER, &GOOD.replacen('{', &format!("{{{claim},"), 1));
    for claim in with {
        assert!(has(&put(claim), code), "{code} in {claim}");
    }
    for claim in without {
        assert!(!has(&put(claim), code), "no {code} in {claim}");
    }
}

/// These payloads have it, those do not.
fn payloads(code: FindingCode, with: &[&str], without: &[&str]) {
    for payload in with {
        assert!(
            has(&token(GOOD_HEADER, payload), code),
            "{code} in {payload}"
        );
    }
    for payload in without {
        assert!(
            !has(&token(GOOD_HEADER, payload), code),
            "no {code} in {payload}"
        );
    }
}

#[test]
fn a_sound_token_has_no_findings() {
    assert_eq!(findings(&token(GOOD_HEADER, GOOD)), []);
}

#[test]
fn algorithms() {
    let all = [
        r#"{"alg":"ES256"}"#,
        r#"{"alg":"PS512"}"#,
        r#"{"alg":"Ed25519"}"#,
    ];
    headers(
        FindingCode::AlgorithmNone,
        &[r#"{"alg":"none"}"#, r#"{"alg":"NoNe"}"#],
        &all,
    );
    headers(
        FindingCode::AlgorithmUnknown,
        &[
            r#"{"alg":"hs256"}"#,
            r#"{"alg":"ES25"}"#,
            r#"{"alg":""}"#,
            r#"{"alg":"Ed448"}"#,
            r#"{"alg":"A256GCM"}"#,
        ],
        &[&all[..], &[r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#]].concat(),
    );
    headers(
        FindingCode::AlgorithmSymmetric,
        &[r#"{"alg":"HS256"}"#],
        &all,
    );
    headers(
        FindingCode::AlgorithmDeprecatedName,
        &[r#"{"alg":"EdDSA"}"#],
        &all,
    );
    headers(
        FindingCode::AlgorithmMissing,
        &["{}", r#"{"typ":"JWT"}"#],
        &all,
    );
    headers(
        FindingCode::AlgorithmDiscouraged,
        &[r#"{"alg":"RS1"}"#],
        &[r#"{"alg":"RS256"}"#],
    );
    let jwe = |alg: &str| {
        format!(
            "{}.AA.AA.AA.AA",
            base64url::encode(format!(r#"{{"alg":"{alg}","enc":"A128GCM"}}"#).as_bytes())
        )
    };
    assert!(has(&jwe("RSA1_5"), FindingCode::AlgorithmDiscouraged));
    assert!(!has(&jwe("RSA-OAEP"), FindingCode::AlgorithmDiscouraged));
    assert!(!has(&jwe("ECDH-ES"), FindingCode::AlgorithmUnknown));
    assert!(has(&jwe("ECDH"), FindingCode::AlgorithmUnknown));
    let hint = findings(&token(r#"{"alg":"hs256"}"#, GOOD))
        .remove(0)
        .message;
    assert!(hint.contains("perhaps `HS256`"), "{hint}");
}

#[test]
fn form_of_the_text() {
    let good = token(GOOD_HEADER, GOOD);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    assert!(has(&format!("{good}="), FindingCode::Base64NotCanonical));
    assert!(has(
        &good.replace("BwcHBwc", "BwcH+wc"),
        FindingCode::Base64NotCanonical
    ));
    assert!(has(
        &format!("{signed}.AB"),
        FindingCode::Base64NotCanonical
    ));
    assert!(!has(
        &format!("{signed}.AA"),
        FindingCode::Base64NotCanonical
    ));
    assert!(has(
        &format!("{signed}.{}", &signature[..85]),
        FindingCode::SegmentCut
    ));
    assert!(!has(
        &format!("{signed}.{}", &signature[..84]),
        FindingCode::SegmentCut
    ));
    assert!(has(
        &good.replacen("BwcH", "B*cH", 1),
        FindingCode::PartBroken
    ));
    assert!(has(
        &token(GOOD_HEADER, r#"{"iss":}"#),
        FindingCode::PartBroken
    ));
    assert!(has(
        &token(GOOD_HEADER, "plain text"),
        FindingCode::PartBroken
    ));
    assert!(!has(
        &token(r#"{"alg":"ES256"}"#, "plain text"),
        FindingCode::PartBroken
    ));
    assert!(!has(&token(GOOD_HEADER, &good), FindingCode::PartBroken));
    assert!(has(signed, FindingCode::TooFewParts));
    assert!(!has(&format!("{signed}."), FindingCode::TooFewParts));
    assert!(has(&format!("{good}.x"), FindingCode::TooManyParts));
    assert!(has(&format!("{signed}."), FindingCode::SignatureMissing));
    let unsigned = token(r#"{"alg":"none"}"#, GOOD);
    let unsigned = unsigned.rsplit_once('.').unwrap().0;
    assert!(!has(&format!("{unsigned}."), FindingCode::SignatureMissing));
}

#[test]
fn sizes() {
    let long = |len: usize| {
        token(
            GOOD_HEADER,
            &GOOD.replacen('{', &format!(r#"{{"x":"{}","#, "a".repeat(len)), 1),
        )
    };
    assert!(!has(&long(2_700), FindingCode::SizeCookie));
    assert!(has(&long(3_000), FindingCode::SizeCookie));
    assert!(!has(&long(3_000), FindingCode::SizeHeader));
    assert!(has(&long(6_200), FindingCode::SizeHeader));
}

#[test]
fn known_signatures() {
    const SIGNATURE: &str = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    let header = base64url::encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let with = |payload: &str| {
        format!(
            "{header}.{}.{SIGNATURE}",
            base64url::encode(payload.as_bytes())
        )
    };
    let own = r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#;
    assert!(!has(&with(own), FindingCode::KnownExampleSignature));
    assert!(has(
        &with(&own.replace("John", "Jane")),
        FindingCode::KnownExampleSignature
    ));
    assert!(
        !has(&with(""), FindingCode::KnownExampleSignature),
        "the payload may be elsewhere"
    );
    assert!(!has(
        &token(GOOD_HEADER, own),
        FindingCode::KnownExampleSignature
    ));
}

#[test]
fn header_parameters() {
    let with = |extra: &str| format!(r#"{{"alg":"ES256",{extra}}}"#);
    let check = |code, with_it: &[&str], without: &[&str]| {
        let make = |list: &[&str]| list.iter().map(|extra| with(extra)).collect::<Vec<_>>();
        let (one, two) = (make(with_it), make(without));
        headers(
            code,
            &one.iter().map(String::as_str).collect::<Vec<_>>(),
            &two.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    };
    check(
        FindingCode::TypUnusual,
        &[r#""typ":"access_token""#, r#""typ":"JWS""#, r#""typ":"""#],
        &[
            r#""typ":"at+jwt""#,
            r#""typ":"JWT""#,
            r#""typ":"jwt""#,
            r#""typ":"application/at+jwt""#,
            r#""typ":"dpop+jwt""#,
            r#""typ":"logout+jwt""#,
            r#""typ":"secevent+jwt""#,
            r#""typ":"JOSE""#,
            r#""typ":"vc+jwt""#,
            r#""kid":"x""#,
        ],
    );
    let key = r#""jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#;
    check(
        FindingCode::EmbeddedKey,
        &[key, r#""x5c":["MIIB"]"#],
        &[&format!(r#""typ":"dpop+jwt",{key}"#), r#""kid":"jwk""#],
    );
    check(
        FindingCode::KeyUrl,
        &[
            r#""jku":"https://a.example/jwks""#,
            r#""x5u":"https://a.example/c""#,
        ],
        &[r#""url":"https://a.example""#],
    );
    check(
        FindingCode::CriticalExtension,
        &[r#""crit":["b64"],"b64":false"#],
        &[r#""kid":"crit""#],
    );
    check(
        FindingCode::KidSuspicious,
        &[
            r#""kid":"../../dev/null""#,
            r#""kid":"/etc/passwd""#,
            r#""kid":"https://a.example/key""#,
            r#""kid":"x' UNION SELECT 'key""#,
            r#""kid":"1' OR '1'='1""#,
            r#""kid":"key; rm -rf $(x)""#,
        ],
        &[
            r#""kid":"2024-key--1""#,
            r#""kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs""#,
            r#""kid":"/abc+d/ef=""#,
            r#""kid":"did:example:123#key-1""#,
            r#""kid":"select-1""#,
            r#""kid":"prod/keys/1""#,
        ],
    );
    check(
        FindingCode::HeaderNameOdd,
        &[r#""Kid":"x""#, r#""kid ":"x""#, r#""tpy)":1,"typ)":"x""#],
        &[r#""ver":1"#, r#""kind":1"#],
    );
    check(
        FindingCode::HeaderTypeWrong,
        &[r#""kid":1"#, r#""crit":"b64""#, r#""typ":null"#],
        &[r#""kid":"1""#, r#""own":1"#],
    );
}

#[test]
fn names_and_types_of_claims() {
    claims(
        FindingCode::DuplicateName,
        &[
            r#""iss":"x""#,
            r#""a":{"b":1,"b":2}"#,
            r#""\u0061":1,"a":2"#,
        ],
        &[r#""a":{"iss":"x"}"#, r#""Iss":"x""#],
    );
    let many: Vec<_> = (0..40).map(|at| format!(r#""n{at}":1"#)).collect();
    claims(
        FindingCode::DuplicateName,
        &[&format!(r#"{},"n7":2"#, many.join(","))],
        &[&many.join(",")],
    );
    claims(
        FindingCode::InvisibleCharacter,
        &[
            "\"sub\u{200b}ject\":1",
            "\"x\":\"a\u{202e}b\"",
            r#""x":"a\u0000b""#,
            "\"na\u{200d}me\":1",
        ],
        &[
            "\"x\":\"\u{1f468}\u{200d}\u{1f469}\"",
            r#""x":"two\nlines""#,
            "\"x\":\"مرحبا\"",
            "\"naïve\":\"é\"",
        ],
    );
    claims(
        FindingCode::ClaimNameOdd,
        &[r#""name)":1"#, r#""expp":1"#, r#""Sub":1"#],
        &[
            r#""role":1"#,
            r#""uid":1"#,
            r#""https://a.example/name)":1"#,
        ],
    );
    claims(
        FindingCode::ClaimTypeWrong,
        &[
            r#""nbf":"1767225600""#,
            r#""jti":7"#,
            r#""scope":["a"]"#,
            r#""email_verified":"true""#,
            r#""amr":"pwd""#,
        ],
        &[
            r#""nbf":1767225600.5"#,
            r#""jti":"7""#,
            r#""roles":"admin""#,
            r#""own":null"#,
        ],
    );
    payloads(
        FindingCode::ClaimTypeWrong,
        &[r#"{"aud":[]}"#, r#"{"aud":[1]}"#, r#"{"aud":1}"#],
        &[r#"{"aud":["a","b"]}"#, r#"{"aud":"a"}"#],
    );
}

#[test]
fn times() {
    payloads(
        FindingCode::Expired,
        &[r#"{"exp":1767225600}"#, r#"{"exp":1}"#],
        &[r#"{"exp":1767225601}"#],
    );
    payloads(
        FindingCode::NotYetValid,
        &[r#"{"nbf":1767225601}"#],
        &[r#"{"nbf":1767225600}"#],
    );
    payloads(
        FindingCode::IssuedInFuture,
        &[r#"{"iat":1767225601}"#],
        &[r#"{"iat":1767225600}"#],
    );
    payloads(
        FindingCode::LifetimeNegative,
        &[r#"{"iat":2000,"exp":1000}"#, r#"{"nbf":2000,"exp":2000}"#],
        &[r#"{"iat":1000,"exp":1001}"#],
    );
    payloads(
        FindingCode::LifetimeLong,
        &[
            r#"{"iat":1767225600,"exp":1798761600}"#,
            r#"{"nonce":"x","sub":"y","iat":1767225600,"exp":1767571200}"#,
        ],
        &[
            r#"{"iat":1767225600,"exp":1768089600}"#,
            r#"{"exp":1798761600}"#,
            r#"{"typ":"Refresh","iat":1767225600,"exp":1798761600}"#,
        ],
    );
    payloads(
        FindingCode::TimeInMilliseconds,
        &[
            r#"{"exp":1767229200000}"#,
            r#"{"iat":1767229200000000}"#,
            r#"{"auth_time":1767229200000.5}"#,
        ],
        &[
            r#"{"exp":1767229200}"#,
            r#"{"own":1767229200000}"#,
            r#"{"exp":99999999999}"#,
        ],
    );
    payloads(
        FindingCode::TimeOutOfRange,
        &[
            r#"{"exp":-1}"#,
            r#"{"exp":1e309}"#,
            r#"{"exp":9999999999999999999999999}"#,
        ],
        &[r#"{"exp":0}"#, r#"{"exp":1.767e9}"#, r#"{"own":-1}"#],
    );
}

#[test]
fn a_leeway_makes_an_expired_token_a_note() {
    let options = Options {
        leeway: Duration::from_mins(1),
        ..Options::new(NOW)
    };
    let severity = |exp: u64| {
        let text = token(GOOD_HEADER, &format!(r#"{{"exp":{exp}}}"#));
        let findings = inspect(&text, &options).tokens.remove(0).findings;
        findings
            .into_iter()
            .find(|finding| finding.code == FindingCode::Expired)
            .map(|finding| finding.severity)
    };
    assert_eq!(severity(1_767_225_541), Some(Severity::Note));
    assert_eq!(severity(1_767_225_540), Some(Severity::Warning));
    assert_eq!(severity(1_767_225_601), None);
}

#[test]
fn missing_claims() {
    payloads(
        FindingCode::NoExpiry,
        &["{}", r#"{"iss":"a"}"#],
        &[r#"{"exp":1}"#, r#"{"iat":1,"events":{}}"#, r#"{"exp":"#],
    );
    payloads(
        FindingCode::NoIssuer,
        &[r#"{"sub":"a"}"#],
        &[r#"{"iss":"a"}"#],
    );
    payloads(
        FindingCode::NoAudience,
        &[r#"{"sub":"a"}"#],
        &[r#"{"aud":"a"}"#],
    );
    let proof = token(
        r#"{"typ":"dpop+jwt","alg":"ES256"}"#,
        r#"{"jti":"a","htm":"POST","htu":"https://a.example","iat":1767225600}"#,
    );
    assert_eq!(findings(&proof), []);
    let message = token(r#"{"alg":"ES256"}"#, r#"{"hello":"world"}"#);
    assert_eq!(findings(&message), [], "not a JWT");
}

#[test]
fn secrets_and_personal_data() {
    claims(
        FindingCode::SecretInClaims,
        &[
            r#""password":"x""#,
            r#""a":{"client-secret":"x"}"#,
            r#""x":"AKIAIOSFODNN7EXAMPLE""#,
            r#""x":"ghp_0123456789abcdefghij0123456789abcdef""#,
            r#""x":"-----BEGIN PRIVATE KEY-----\nMII""#,
            r#""cnf":{"jwk":{"kty":"oct","k":"AA"}}"#,
            r#""x":"$2b$12$abcdefghijklmnopqrstuv""#,
        ],
        &[
            r#""password":true"#,
            r#""password":"""#,
            r#""password_changed_at":1"#,
            r#""x":"AKIA""#,
            r#""secretary":"Jo""#,
            r#""cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}"#,
            r#""x":"AIza is how it starts""#,
        ],
    );
    claims(
        FindingCode::PersonalData,
        &[
            r#""email":"jo@a.example""#,
            r#""birthdate":"1990-01-01""#,
            r#""x":"4111 1111 1111 1111""#,
            r#""x":"4111111111111111""#,
            r#""x":"DE89 3704 0044 0532 0130 00""#,
            r#""address":{"country":"DE"}"#,
        ],
        &[
            r#""email_verified":true"#,
            r#""name":"Jo""#,
            r#""x":"4111111111111112""#,
            r#""x":"1767225600000000""#,
            r#""x":"DE89370400440532013001""#,
            r#""x":"248289761001""#,
            r#""gender":null"#,
        ],
    );
    for finding in findings(&token(
        GOOD_HEADER,
        r#"{"password":"hunter2","x":"AKIAIOSFODNN7EXAMPLE"}"#,
    )) {
        assert!(
            !finding.message.contains("hunter2") && !finding.message.contains("AKIA"),
            "{}",
            finding.message
        );
    }
}

#[test]
fn places_are_exact() {
    let payload = r#"{"a":{"x/y":[1,{"password":"p"}]},"exp":1767229200}"#;
    let found = findings(&token(GOOD_HEADER, payload));
    let finding = found
        .iter()
        .find(|finding| finding.code == FindingCode::SecretInClaims)
        .unwrap();
    let place = finding.place.as_ref().unwrap();
    assert_eq!(place.pointer.as_deref(), Some("/a/x~1y/1/password"));
    assert_eq!(&payload[place.bytes.clone().unwrap()], r#""p""#);
}

#[test]
fn no_code_says_more_than_was_tested() {
    for code in FindingCode::ALL {
        assert!(
            !code.meaning().to_lowercase().contains("vulnerable"),
            "{code}"
        );
    }
}

/// A certificate of an EC key, valid from 2026-11-22T00:22:36Z to 2126-10-29T00:22:36Z.
const CERTIFICATE: &str = include_str!("certificate.txt");

#[test]
fn certificates_are_held_against_the_chosen_time() {
    let header = |chain: &str| format!(r#"{{"alg":"ES256","typ":"JWT","x5c":{chain}}}"#);
    let at = |chain: &str, seconds| {
        let options = Options::new(jeton_jose::UnixTime::from_seconds(seconds));
        let seen = inspect(&token(&header(chain), GOOD), &options)
            .tokens
            .remove(0);
        let codes: Vec<_> = seen.findings.iter().map(|finding| finding.code).collect();
        let x5c = seen
            .header
            .into_iter()
            .find(|one| one.name == "x5c")
            .unwrap();
        (codes, x5c.explained.unwrap_or_default())
    };
    let chain = format!("[\"{}\"]", CERTIFICATE.trim());
    let (first, last) = (1_795_306_956, 4_948_906_956);
    for (seconds, current, says) in [
        (first - 1, false, "NOT YET VALID"),
        (first, true, "expires in"),
        (last, true, "expires now"),
        (last + 1, false, "EXPIRED"),
    ] {
        let (codes, explained) = at(&chain, seconds);
        assert_eq!(
            !codes.contains(&FindingCode::CertificateNotCurrent),
            current,
            "{seconds}"
        );
        assert!(!codes.contains(&FindingCode::CertificateUnreadable));
        assert!(
            explained
                .starts_with("1 certificate: CN=leaf by CN=leaf, valid from 2026-11-22T00:22:36Z"),
            "{explained}"
        );
        assert!(explained.contains(says), "{explained}");
    }
    for chain in ["[]", "[\"AAAA\"]", "[\"-_\"]", "\"x\""] {
        assert!(
            at(chain, first)
                .0
                .contains(&FindingCode::CertificateUnreadable),
            "{chain}"
        );
    }
}
