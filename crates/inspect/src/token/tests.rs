use jeton_jose::base64url;
use jeton_testkit::NOW;

use super::*;
use crate::finding::FindingCode;

const EXAMPLE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

fn options() -> Options {
    Options::new(NOW)
}

/// The only token of a text.
fn one(text: &str) -> Inspection {
    let mut report = inspect(text, &options());
    assert_eq!(report.tokens.len(), 1);
    report.tokens.remove(0)
}

fn token(header: &str, payload: &str) -> String {
    format!(
        "{}.{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(payload.as_bytes()),
        base64url::encode(&[7; 64])
    )
}

fn codes(inspection: &Inspection) -> Vec<&'static str> {
    let codes = inspection.findings.iter();
    codes.map(|finding| finding.code.as_str()).collect()
}

#[test]
fn the_usual_example_is_explained() {
    let seen = one(&format!("Authorization: Bearer {EXAMPLE}"));
    assert_eq!(seen.kind, Kind::CompactJws);
    assert_eq!(seen.algorithm.as_deref(), Some("HS256"));
    assert_eq!(seen.size, EXAMPLE.len());
    assert!(!seen.detached);
    let [header, payload, signature] = &seen.parts[..] else {
        panic!("three parts")
    };
    assert_eq!(
        header.json.as_ref().unwrap().text(),
        r#"{"alg":"HS256","typ":"JWT"}"#
    );
    assert_eq!(&EXAMPLE[payload.span.clone()], payload.text);
    assert_eq!((signature.size, &signature.utf8), (32, &None));
    let names: Vec<_> = seen
        .claims
        .iter()
        .map(|claim| (claim.name.as_str(), claim.label))
        .collect();
    assert_eq!(
        names,
        [("sub", "Subject"), ("name", "Full name"), ("iat", "Issued")]
    );
    assert_eq!(
        seen.claims[2].explained.as_deref(),
        Some("2018-01-18T01:30:22Z, 7 years ago")
    );
    assert_eq!(seen.claims[2].pointer, "/iat");
    assert_eq!(
        codes(&seen),
        ["alg_symmetric", "no_expiry", "no_issuer", "no_audience"]
    );
}

#[test]
fn the_articles_token_with_an_odd_name_and_a_foreign_signature() {
    let seen = one(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSkiOiJKb2huIERvZSIsImlhdCI6MTYyMjQ3NTY0MH0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    );
    let codes = codes(&seen);
    assert!(codes.contains(&"claim_name_odd"), "{codes:?}");
    assert!(codes.contains(&"known_example_signature"), "{codes:?}");
    let odd = seen
        .findings
        .iter()
        .find(|finding| finding.code == FindingCode::ClaimNameOdd)
        .unwrap();
    assert_eq!(odd.message, "`name)` looks like `name`");
    assert_eq!(
        odd.place.as_ref().unwrap().pointer.as_deref(),
        Some("/name)")
    );
}

#[test]
fn the_articles_token_with_an_altered_signature() {
    let seen = one(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36_POy5u0bNw1DgL5s",
    );
    assert!(!codes(&seen).contains(&"known_example_signature"));
    assert_eq!(seen.kind, Kind::CompactJws);
}

#[test]
fn nothing_is_lost() {
    let payload = r#"{ "b": 1.0, "a":12345678901234567890123, "b":"\u0041\ud800", "url":"x\/y" }"#;
    let seen = one(&token(r#"{"alg":"ES256"}"#, payload));
    let shown: Vec<_> = seen
        .claims
        .iter()
        .map(|claim| (claim.name.as_str(), claim.value.text(), claim.duplicate))
        .collect();
    assert_eq!(
        shown,
        [
            ("b", "1.0", false),
            ("a", "12345678901234567890123", false),
            ("b", r#""\u0041\ud800""#, true),
            ("url", r#""x\/y""#, false),
        ]
    );
    assert_eq!(seen.parts[1].json.as_ref().unwrap().text(), payload.trim());
    assert!(
        seen.claims[1]
            .explained
            .as_ref()
            .unwrap()
            .contains("floating point")
    );
    assert_eq!(&payload[seen.claims[3].span.clone()], r#""url":"x\/y""#);
}

#[test]
fn kinds_of_claims_are_told_apart() {
    let seen = one(&token(
        r#"{"alg":"ES256"}"#,
        r#"{"iss":"x","https://a.example/role":1,"role":2}"#,
    ));
    let kinds: Vec<_> = seen.claims.iter().map(|claim| claim.kind).collect();
    assert_eq!(
        kinds,
        [ClaimKind::Registered, ClaimKind::Public, ClaimKind::Private]
    );
}

#[test]
fn a_cut_payload_is_read_up_to_the_break() {
    let whole = token(
        r#"{"alg":"ES256"}"#,
        r#"{"iss":"joe","sub":"someone","exp":1767229200}"#,
    );
    let cut = &whole[..57];
    let seen = one(cut);
    assert_eq!(seen.kind, Kind::Broken);
    assert_eq!(seen.claims.len(), 1);
    assert_eq!(seen.claims[0].value.text(), r#""joe""#);
    let broken = seen.parts[1].broken.as_ref().unwrap();
    assert!(broken.text_at > 55 && broken.text_at <= 57, "{broken:?}");
    assert_eq!(broken.expected, "a closing quote");
    assert!(
        seen.parts[1]
            .utf8
            .as_ref()
            .unwrap()
            .starts_with(r#"{"iss":"joe""#)
    );
    assert!(codes(&seen).contains(&"too_few_parts"));
    assert!(codes(&seen).contains(&"part_broken"));
    assert!(
        !codes(&seen).contains(&"no_expiry"),
        "it may have been cut off"
    );
}

#[test]
fn a_foreign_character_is_named_with_its_place() {
    let seen = one(&EXAMPLE.replace("SI6IkpvaG4", "SI6I*pvaG4"));
    let broken = seen.parts[1].broken.as_ref().unwrap();
    assert_eq!(broken.layer, Layer::Base64url);
    assert_eq!(&seen.found.text[broken.text_at..=broken.text_at], "*");
    assert_eq!(&seen.parts[1].text[broken.at..=broken.at], "*");
    assert_eq!(seen.claims[0].value.text(), r#""1234567890""#);
}

#[test]
fn a_break_in_json_is_placed_in_text_and_bytes() {
    let payload = r#"{"iss":"joe",sub:"x"}"#;
    let seen = one(&token(r#"{"alg":"ES256"}"#, payload));
    let broken = seen.parts[1].broken.as_ref().unwrap();
    assert_eq!((broken.layer, broken.at), (Layer::Json, 13));
    assert_eq!(broken.text_at, seen.parts[1].span.start + 17);
    assert_eq!(broken.expected, "a member name in double quotes");
    assert_eq!(seen.claims.len(), 1);
    assert!(seen.parts[1].json.is_none());
}

#[test]
fn encrypted_tokens_show_header_and_sizes_only() {
    let header = base64url::encode(br#"{"alg":"dir","enc":"A256GCM"}"#);
    let text = format!(
        "{header}..{}.{}.{}",
        base64url::encode(&[1; 12]),
        base64url::encode(&[2; 40]),
        base64url::encode(&[3; 16])
    );
    let seen = one(&text);
    assert_eq!(seen.kind, Kind::CompactJwe);
    let sizes: Vec<_> = seen
        .parts
        .iter()
        .map(|part| (part.name, part.size))
        .collect();
    assert_eq!(
        sizes[1..],
        [
            (PartName::EncryptedKey, 0),
            (PartName::InitializationVector, 12),
            (PartName::Ciphertext, 40),
            (PartName::Tag, 16)
        ]
    );
    assert!(seen.claims.is_empty() && seen.validity.is_none());
    assert_eq!(
        seen.header[1].explained.as_deref(),
        Some("AES-GCM with a key of 256 bits")
    );
    assert_eq!(codes(&seen), [""; 0]);
}

#[test]
fn json_forms_are_taken_apart() {
    let (header, payload) = (
        base64url::encode(br#"{"alg":"ES256"}"#),
        base64url::encode(br#"{"iss":"joe"}"#),
    );
    let signature = base64url::encode(&[7; 64]);
    let one_signature =
        format!(r#"{{"protected":"{header}","header":{{"kid":"1"}},"signature":"{signature}"}}"#);
    let text =
        format!(r#"{{"payload":"{payload}","signatures":[{one_signature},{one_signature}]}}"#);
    let seen = one(&text);
    assert_eq!(seen.kind, Kind::GeneralJws);
    assert_eq!(seen.algorithm.as_deref(), Some("ES256"));
    let header: Vec<_> = seen
        .header
        .iter()
        .map(|one| (one.name.as_str(), one.index, one.part))
        .collect();
    assert_eq!(
        header,
        [
            ("alg", Some(0), PartName::Header),
            ("kid", Some(0), PartName::UnprotectedHeader),
            ("alg", Some(1), PartName::Header),
            ("kid", Some(1), PartName::UnprotectedHeader),
        ]
    );
    for part in &seen.parts {
        assert_eq!(&seen.found.text[part.span.clone()], part.text);
    }
    let repeated = format!(
        r#"{{"payload":"{payload}","protected":"{}","header":{{"alg":"ES256"}},"signature":"{signature}"}}"#,
        seen.parts[1].text
    );
    assert!(codes(&one(&repeated)).contains(&"duplicate_name"));
}

#[test]
fn detached_and_unencoded_payloads_are_recognised() {
    let header = base64url::encode(br#"{"alg":"ES256"}"#);
    assert!(one(&format!("{header}..{}", base64url::encode(&[7; 64]))).detached);
    assert!(!one(&format!("{header}..")).detached);
    let header = base64url::encode(br#"{"alg":"ES256","b64":false,"crit":["b64"]}"#);
    let seen = one(&format!("{header}.plain.{}", base64url::encode(&[7; 64])));
    assert_eq!(seen.parts[1].utf8.as_deref(), Some("plain"));
    assert_eq!(
        seen.header[1].explained.as_deref(),
        Some("the payload stands as it is")
    );
}

#[test]
fn keys_are_described_by_member() {
    let seen = one(
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    );
    assert_eq!(seen.kind, Kind::Jwk);
    assert_eq!(seen.header[2].label, "X coordinate");
    assert_eq!(seen.header[2].explained.as_deref(), Some("256 bits"));
    assert_eq!(codes(&seen), [""; 0]);
}

#[test]
fn tokens_in_tokens_form_a_tree() {
    let inside = token(r#"{"alg":"RS256"}"#, r#"{"iss":"inner"}"#);
    let seen = one(&token(r#"{"alg":"ES256","cty":"JWT"}"#, &inside));
    assert_eq!(seen.nested.len(), 1);
    assert_eq!(seen.nested[0].found.source, crate::find::Source::Payload);
    assert_eq!(seen.nested[0].claims[0].value.text(), r#""inner""#);
    let seen = one(&token(
        r#"{"alg":"ES256"}"#,
        &format!(r#"{{"vp":{{"vc":["{inside}"]}}}}"#),
    ));
    let pointer = "/vp/vc/0".to_owned();
    assert_eq!(
        seen.nested[0].found.source,
        crate::find::Source::Claim { pointer }
    );
    let mut deep = inside;
    for _ in 0..10 {
        deep = token(r#"{"alg":"ES256","cty":"JWT"}"#, &deep);
    }
    let (mut seen, mut depth) = (&one(&deep), 0);
    while let Some(next) = seen.nested.first() {
        (seen, depth) = (next, depth + 1);
    }
    assert_eq!(depth, MAX_DEPTH);
}

#[test]
fn validity_is_told_with_and_without_leeway() {
    let text = token(
        r#"{"alg":"ES256"}"#,
        r#"{"iat":1767225000,"nbf":1767225000,"exp":1767225590}"#,
    );
    let seen = one(&text).validity.unwrap();
    assert_eq!(seen.state, State::Expired);
    assert_eq!(seen.with_leeway, None);
    assert_eq!(
        seen.accepted_until.as_ref().unwrap().relative,
        "10 seconds ago"
    );
    assert_eq!(seen.lifetime.unwrap().words, "9 minutes");
    let leeway = Duration::from_secs(30);
    let seen = inspect(
        &text,
        &Options {
            leeway,
            ..options()
        },
    )
    .tokens
    .remove(0)
    .validity
    .unwrap();
    assert_eq!(seen.state, State::Expired);
    let with = seen.with_leeway.unwrap();
    assert_eq!(
        (with.state, with.leeway.as_str()),
        (State::Accepted, "30 seconds")
    );
    assert_eq!(with.accepted_until.unwrap().utc, "2026-01-01T00:00:20Z");
    let at = |seconds| Options::new(UnixTime::from_seconds(seconds));
    let state = |seconds| {
        inspect(&text, &at(seconds)).tokens[0]
            .validity
            .as_ref()
            .unwrap()
            .state
    };
    assert_eq!(state(1_767_224_999), State::NotYet);
    assert_eq!(state(1_767_225_000), State::Accepted);
    assert_eq!(state(1_767_225_589), State::Accepted);
    assert_eq!(state(1_767_225_590), State::Expired);
}

#[test]
fn milliseconds_are_recognised() {
    let seen = one(&token(
        r#"{"alg":"ES256"}"#,
        r#"{"exp":1767229200000,"made_at":1767225600,"count_at":5}"#,
    ));
    assert_eq!(
        seen.claims[0].explained.as_deref(),
        Some("not seconds; read as milliseconds it is 2026-01-01T01:00:00Z, in 1 hour")
    );
    assert!(codes(&seen).contains(&"time_in_milliseconds"));
    assert_eq!(
        seen.claims[1].explained.as_deref(),
        Some("2026-01-01T00:00:00Z, now")
    );
    assert_eq!(seen.validity, None);
}

#[test]
fn the_report_is_json_with_exact_values() {
    let report = inspect(&token(r#"{"alg":"ES256"}"#, r#"{"exp":1.0e9}"#), &options());
    let json = jeton_jose::json::to_string(&report).unwrap();
    let options = jeton_jose::json::Options::lossless();
    let document = jeton_jose::json::Document::parse(json.as_bytes(), &options).unwrap();
    let tokens = document.root().as_object().unwrap().get("tokens").unwrap();
    let claims = tokens
        .as_array()
        .unwrap()
        .get(0)
        .unwrap()
        .as_object()
        .unwrap()
        .get("claims")
        .unwrap();
    assert_eq!(
        claims
            .as_array()
            .unwrap()
            .get(0)
            .unwrap()
            .as_object()
            .unwrap()
            .get("value")
            .unwrap()
            .source(),
        "1.0e9"
    );
    assert!(json.contains(r#""source":{"where":"whole"}"#), "{json}");
}

#[test]
fn debug_shows_no_token_bytes() {
    let shown = format!("{:?}", inspect(EXAMPLE, &options()));
    assert!(!shown.contains("eyJ") && !shown.contains("John"), "{shown}");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Everything said of places must be true, whatever came in.
    fn check(inspection: &Inspection) -> Result<(), TestCaseError> {
        for part in &inspection.parts {
            prop_assert!(inspection.found.text.get(part.span.clone()).is_some());
            if let Some(broken) = &part.broken {
                prop_assert!(broken.text_at <= inspection.found.text.len());
                prop_assert!(!broken.expected.is_empty());
            }
        }
        prop_assert!(inspection.findings.len() <= MAX_FINDINGS);
        for finding in &inspection.findings {
            prop_assert!(!finding.message.contains("vulnerable"));
        }
        inspection.nested.iter().try_for_each(check)
    }

    fn all(text: &str) -> Result<(), TestCaseError> {
        let report = inspect(text, &options());
        prop_assert!(jeton_jose::json::to_string(&report).is_ok());
        report.tokens.iter().try_for_each(check)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,300}") {
            all(&text)?;
        }

        #[test]
        fn no_damaged_token_makes_it_panic(at in 0..EXAMPLE.len(), with in "\\PC{0,4}", upto in 0..EXAMPLE.len()) {
            let mut text = EXAMPLE.to_owned();
            text.replace_range(at..(at + 1).min(text.len()), &with);
            all(&text)?;
            all(&EXAMPLE[..upto])?;
            all(&EXAMPLE[upto..])?;
        }

        #[test]
        fn no_header_or_payload_makes_it_panic(header in "(\\{|\\}|\"|:|,|\\[|alg|jwk|kid|[0-9.e-]|\\PC){0,40}", payload in "(\\{\"|\"exp\":|1e309|\"|[0-9]{1,25}|,|\\}|\\PC){0,40}") {
            all(&token(&header, &payload))?;
            all(&token(&format!("{{{header}"), &format!("{{{payload}")))?;
            all(&header)?;
        }

        #[test]
        fn no_bytes_make_it_panic(header in prop::collection::vec(any::<u8>(), 0..80), payload in prop::collection::vec(any::<u8>(), 0..80)) {
            all(&format!("eyJ{}.{}.", base64url::encode(&header), base64url::encode(&payload)))?;
        }

        #[test]
        fn no_disclosure_makes_it_panic(payload in "(\\{|\\}|\\[|\\]|:|,|\"_sd\"|\"_sd_alg\"|\"...\"|\"sha-256\"|\"a\"|1){0,20}", disclosures in prop::collection::vec("(\\{|\\}|\\[|\\]|:|,|\"_sd\"|\"...\"|\"a\"|1){0,8}", 0..5), end in "(|eyJ|~|\\.\\.|=){0,3}") {
            let token = token(r#"{"alg":"ES256"}"#, &payload);
            let text = disclosures.iter().fold(format!("{token}~"), |text, disclosure| {
                format!("{text}{}~", base64url::encode(disclosure.as_bytes()))
            });
            all(&format!("{text}{end}"))?;
            all(&format!("{text}{EXAMPLE}"))?;
        }

        #[test]
        fn no_json_form_makes_it_panic(text in "(\\{|\\}|\\[|\\]|:|,|\"payload\":|\"signatures\":|\"protected\":|\"header\":|\"signature\":|\"ciphertext\":|\"kty\":|\"keys\":|\"eyJ9\"|\"\"|null|1){0,40}") {
            all(&text)?;
        }
    }
}
