use super::*;

const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
const PAYLOAD: &str = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ";
const SIGNATURE: &str = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
const JWE: &str = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ";

fn token() -> String {
    format!("{HEADER}.{PAYLOAD}.{SIGNATURE}")
}

/// The only thing found.
fn one(text: &str) -> Found {
    let mut found = find(text);
    assert_eq!(found.len(), 1, "{found:?} in {text}");
    found.remove(0)
}

/// The token is found, whole, and where it is said to stand.
fn stands(text: &str, source: &Source) -> Found {
    let found = one(text);
    assert_eq!(found.text, token(), "{text}");
    assert_eq!(found.kind, Kind::CompactJws);
    assert_eq!(&found.source, source, "{text}");
    assert!(text.get(found.span.clone()).is_some());
    found
}

fn named(make: fn(String) -> Source, name: &str) -> Source {
    make(name.to_owned())
}

fn member(pointer: &str) -> Source {
    named(|pointer| Source::JsonMember { pointer }, pointer)
}

fn bearer() -> Source {
    named(|scheme| Source::Authorization { scheme }, "Bearer")
}

#[test]
fn a_token_alone_is_the_whole() {
    let token = token();
    assert_eq!(stands(&token, &Source::Whole).repairs, []);
    let quoted = stands(&format!("  \"{token}\"\n"), &Source::Whole);
    assert_eq!(
        quoted.repairs,
        [Repair::WhiteSpaceRemoved, Repair::QuotesRemoved]
    );
    assert_eq!(one(JWE).kind, Kind::CompactJwe);
}

#[test]
fn a_line_break_at_the_end_is_no_damage() {
    for end in ["\n", "\r\n"] {
        assert_eq!(
            stands(&format!("{}{end}", token()), &Source::Whole).repairs,
            []
        );
    }
}

#[test]
fn an_unencoded_payload_keeps_its_spaces() {
    let header = jeton_jose::base64url::encode(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let token = format!("{header}.$ 2 000.AAAA");
    let found = one(&format!("{token}\n"));
    assert_eq!((found.text, found.repairs), (token, vec![]));
}

#[test]
fn headers_name_their_scheme() {
    let token = token();
    stands(&format!("Authorization: Bearer {token}"), &bearer());
    stands(&format!("Bearer {token}"), &bearer());
    stands(
        &format!(
            "GET / HTTP/1.1\r\nHost: a.example\r\nauthorization: Bearer {token}\r\nAccept: */*\r\n\r\n"
        ),
        &bearer(),
    );
    stands(
        &format!("Authorization: DPoP {token}"),
        &named(|scheme| Source::Authorization { scheme }, "DPoP"),
    );
    stands(
        &format!("X-Amzn-Oidc-Data: {token}"),
        &named(|name| Source::Header { name }, "X-Amzn-Oidc-Data"),
    );
    stands(
        &format!("DPoP: {token}"),
        &named(|name| Source::Header { name }, "DPoP"),
    );
    stands(&format!("auth=Bearer%20{token}"), &bearer());
    stands(&format!("auth=Bearer+{token}"), &bearer());
}

#[test]
fn cookies_urls_and_forms_name_their_parameter() {
    let token = token();
    let cookie = || named(|name| Source::Cookie { name }, "session");
    stands(
        &format!("Cookie: theme=dark; session={token}; lang=en"),
        &cookie(),
    );
    stands(
        &format!("Set-Cookie: session={token}; HttpOnly; Secure"),
        &cookie(),
    );
    stands(
        &format!("curl --cookie 'session={token}' https://a.example"),
        &cookie(),
    );
    let query = |name| named(|name| Source::QueryParameter { name }, name);
    stands(
        &format!("https://a.example/?access_token={token}&x=1"),
        &query("access_token"),
    );
    stands(
        &format!("https://a.example/?x=1&token={token}#top"),
        &query("token"),
    );
    let fragment = named(|name| Source::FragmentParameter { name }, "id_token");
    stands(
        &format!("https://a.example/cb#state=1&id_token={token}&x=2"),
        &fragment,
    );
    stands(&format!("https://a.example/cb#id_token={token}"), &fragment);
    let parameter = named(|name| Source::Parameter { name }, "assertion");
    stands(&format!("grant_type=x&assertion={token}&y=z"), &parameter);
    stands(
        &format!("https://a.example/verify/{token}/details"),
        &Source::Bare,
    );
}

#[test]
fn curl_commands_are_read() {
    let token = token();
    stands(
        &format!("curl -s -H 'Authorization: Bearer {token}' https://a.example/me"),
        &bearer(),
    );
    stands(
        &format!("curl -H \"Authorization: Bearer {token}\" \\\n  https://a.example/me"),
        &bearer(),
    );
    stands(
        &format!("curl -H 'X-Token: {token}' https://a.example"),
        &named(|name| Source::Header { name }, "X-Token"),
    );
    stands(
        &format!("curl -d '{{\"token\":\"{token}\"}}' https://a.example"),
        &member("/token"),
    );
}

#[test]
fn json_responses_give_a_pointer() {
    let token = token();
    let both = format!(
        "{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":300,\"id_token\":\"{token}\",\"refresh_token\":\"opaque-value-0123456789\"}}"
    );
    let found = find(&both);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].source, member("/access_token"));
    assert_eq!(found[1].source, member("/id_token"));
    assert_eq!(&both[found[1].span.clone()], token);
    stands(
        &format!("2026-01-01 INFO got {{\"data\":{{\"a/b\":[\"{token}\"]}}}} from upstream"),
        &member("/data/a~1b/0"),
    );
    stands(
        &format!("{{\"log\":\"{{\\\"token\\\":\\\"{token}\\\"}}\"}}"),
        &member("/log/token"),
    );
    stands(
        &format!("level=info body=\"{{\\\"token\\\":\\\"{token}\\\"}}\""),
        &member("/token"),
    );
}

#[test]
fn archives_of_http_name_header_cookie_and_query() {
    let token = token();
    let archive = format!(
        r#"{{"log":{{"entries":[{{"request":{{"url":"https://a.example/?t={token}",
        "headers":[{{"name":"Authorization","value":"Bearer {token}"}},{{"name":"X-Jwt","value":"{token}"}}],
        "cookies":[{{"name":"sid","value":"{token}"}}],
        "queryString":[{{"name":"t","value":"{token}"}}]}}}}]}}}}"#
    );
    let sources: Vec<_> = find(&archive)
        .into_iter()
        .map(|found| found.source)
        .collect();
    assert_eq!(
        sources,
        [
            named(|name| Source::QueryParameter { name }, "t"),
            bearer(),
            named(|name| Source::Header { name }, "X-Jwt"),
            named(|name| Source::Cookie { name }, "sid"),
            named(|name| Source::QueryParameter { name }, "t"),
        ]
    );
}

#[test]
fn log_lines_and_prose_are_searched() {
    let token = token();
    stands(
        &format!("2026-01-01T00:00:00Z WARN token={token} rejected"),
        &named(|name| Source::Parameter { name }, "token"),
    );
    stands(
        &format!("The token is {token}. What is wrong with it?"),
        &Source::Bare,
    );
    stands(&format!("see ({token})\nand tell me"), &Source::Bare);
    stands(
        &format!("It begins here:\n{token}\nHost: a.example"),
        &Source::Bare,
    );
    stands(&format!("{token}\nDONE"), &Source::Bare);
    assert_eq!(
        find(&format!("first {token}\nthen {JWE}, and again {token}")).len(),
        3
    );
    let two = find(&format!("{token}\n{token}\n"));
    assert_eq!(two.len(), 2);
    assert!(
        two.iter()
            .all(|found| found.text == token && found.source == Source::Bare)
    );
}

#[test]
fn wrapped_tokens_are_joined() {
    let token = token();
    for width in [20, 60, 64, 72, 76, 80] {
        for line_break in ["\n", "\r\n", "\n    ", "\\n", " \\\n"] {
            let lines: Vec<_> = token
                .as_bytes()
                .chunks(width)
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect();
            let found = one(&lines.join(line_break));
            assert_eq!(found.text, token, "{width} {line_break:?}");
            assert!(!found.repairs.is_empty());
            if width >= 60 {
                let found = one(&format!(
                    "Here it is:\n\n{}\n\nThank you\n",
                    lines.join(line_break)
                ));
                assert_eq!(found.text, token, "{width} {line_break:?}");
            }
        }
    }
    let spaced = format!("{HEADER}\n .\n {PAYLOAD}\n .\n {SIGNATURE}");
    assert_eq!(one(&spaced).text, token);
    assert_eq!(
        one(&format!("{HEADER} . {PAYLOAD} . {SIGNATURE}")).text,
        token
    );
    assert_eq!(one(&format!("{}\n{}", &JWE[..64], &JWE[64..])).text, JWE);
}

#[test]
fn encodings_are_undone() {
    let token = token();
    let percent = token.replace('.', "%2E").replace('_', "%5f");
    let found = stands(
        &format!("https://a.example/?token={percent}&x=1"),
        &named(|name| Source::QueryParameter { name }, "token"),
    );
    assert_eq!(found.repairs, [Repair::PercentDecoded]);
    let invisible = format!("{}\u{200b}{}", &token[..50], &token[50..]);
    assert_eq!(
        stands(&invisible, &Source::Whole).repairs,
        [Repair::InvisibleRemoved]
    );
    assert_eq!(one(&format!("\u{feff}{token}")).text, token);
}

#[test]
fn other_alphabets_and_padding_are_kept_to_be_shown() {
    let padded = format!("{HEADER}==.{PAYLOAD}=.Sfl+/w==");
    assert_eq!(one(&padded).text, padded);
    assert_eq!(one(&format!("token: {padded} there")).text, padded);
}

#[test]
fn partial_and_broken_tokens_are_found() {
    assert_eq!(one(HEADER).kind, Kind::Broken);
    assert_eq!(
        one(&format!("Bearer {HEADER}.{PAYLOAD}")).kind,
        Kind::Broken
    );
    assert_eq!(one(&format!("{HEADER}.{PAYLOAD}.")).kind, Kind::CompactJws);
    assert_eq!(
        one(&format!("{HEADER}..{SIGNATURE}")).kind,
        Kind::CompactJws
    );
    let damaged = format!("XyJhbGci.{PAYLOAD}.{SIGNATURE}");
    assert_eq!(one(&format!("got {damaged} here")).text, damaged);
    assert_eq!(one("what-is-this").kind, Kind::Broken);
    assert_eq!(one("a.b.c").kind, Kind::CompactJws);
}

#[test]
fn what_is_no_token_is_not_found() {
    for text in [
        "",
        "  \n",
        "hello world",
        "see https://www.example.com/a.b.c for version 1.2.3",
        "-----BEGIN PUBLIC KEY-----",
        "{\"a\":1}",
        "{\"a\":{\"b\":[1,2,\"hello\"]}}",
        "x = f(a.b.c, d.e.f)",
    ] {
        assert!(find(text).is_empty(), "{text}: {:?}", find(text));
    }
}

#[test]
fn json_forms_and_keys_are_found() {
    let flattened = format!(
        "{{\"payload\":\"{PAYLOAD}\",\"protected\":\"{HEADER}\",\"signature\":\"{SIGNATURE}\"}}"
    );
    let general = format!(
        "{{\"payload\":\"{PAYLOAD}\",\"signatures\":[{{\"protected\":\"{HEADER}\",\"signature\":\"{SIGNATURE}\"}}]}}"
    );
    let key = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    let cases = [
        (flattened.as_str(), Kind::FlattenedJws),
        (&general, Kind::GeneralJws),
        (
            r#"{"protected":"e30","ciphertext":"AAAA","iv":"AAAA","tag":"AAAA"}"#,
            Kind::FlattenedJwe,
        ),
        (
            r#"{"protected":"e30","ciphertext":"AAAA","recipients":[{"encrypted_key":"AA"}]}"#,
            Kind::GeneralJwe,
        ),
        (key, Kind::Jwk),
        (&format!("{{\"keys\":[{key},{key}]}}"), Kind::JwkSet),
        (r#"{"keys":[]}"#, Kind::JwkSet),
    ];
    for (text, kind) in cases {
        let found = one(text);
        assert_eq!(
            (found.kind, &found.source, found.text.as_str()),
            (kind, &Source::Whole, text)
        );
        let inside = format!("log: {{\"it\": {text}}} end");
        let found = one(&inside);
        assert_eq!(
            (found.kind, &found.source, found.text.as_str()),
            (kind, &member("/it"), text)
        );
        assert_eq!(&inside[found.span], text);
    }
}

#[test]
fn bounds_hold() {
    let many = format!("{} ", token()).repeat(MAX_FOUND + 10);
    assert_eq!(find(&many).len(), MAX_FOUND);
    let late = format!("{}{}", " ".repeat(MAX_TEXT), token());
    assert!(find(&late).is_empty());
    for hostile in [
        "{",
        "[{\"",
        "eyJ ",
        "eyJ,",
        "%",
        "\\",
        ".",
        "eyJ.",
        "é",
        "\u{200b}",
        "{\"a\":\"{",
        "eyJhbGciOiJ\n",
    ] {
        find(&hostile.repeat(100_000 / hostile.len()));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(512))]

    #[test]
    fn spans_lie_in_the_text_and_in_order(text in "(eyJ[a-zA-Z0-9]{0,20}|[.]|[ \n\"'{}\\[\\]:,=%\\\\&?#+/]|\\PC|Bearer |token|\\\\n|%2E){0,40}") {
        let mut last = 0;
        for found in find(&text) {
            assert!(text.get(found.span.clone()).is_some(), "{:?}", found.span);
            assert!(found.span.start >= last || found.source != Source::Bare);
            last = found.span.start;
        }
    }
}

const DISCLOSURE: &str = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";

#[test]
fn disclosures_belong_to_their_token() {
    let (token, d) = (token(), DISCLOSURE);
    for whole in [
        format!("{token}~"),
        format!("{token}~{d}~"),
        format!("{token}~{d}~{d}~"),
        format!("{token}~{d}~{token}"),
        format!("{token}~~"),
        format!("{token}~{d}"),
    ] {
        for (text, source) in [
            (whole.clone(), Source::Whole),
            (format!("Authorization: Bearer {whole}"), bearer()),
            (
                format!("{{\"credential\":\"{whole}\"}}"),
                member("/credential"),
            ),
            (format!("it says {whole}, as you see"), Source::Bare),
        ] {
            let found = one(&text);
            assert_eq!(
                (found.text.as_str(), found.kind),
                (whole.as_str(), Kind::SdJwt)
            );
            assert_eq!(
                (&text[found.span.clone()], found.source),
                (&whole[..], source)
            );
            assert_eq!(found.repairs, []);
        }
    }
    let sentence = one(&format!("I got {token}~{d}~. It is mine"));
    assert_eq!(sentence.text, format!("{token}~{d}~"));
}

#[test]
fn disclosures_on_lines_of_their_own_are_joined_if_they_are_all_there_is() {
    let (token, d) = (token(), DISCLOSURE);
    let found = one(&format!("{token}\n~{d}\n~{d}~\n{token}\n"));
    assert_eq!(found.text, format!("{token}~{d}~{d}~{token}"));
    assert!(found.repairs.contains(&Repair::LinesJoined));
    let apart = one(&format!("log: {token} ~{d}~"));
    assert_eq!((apart.text, apart.kind), (token, Kind::CompactJws));
}
