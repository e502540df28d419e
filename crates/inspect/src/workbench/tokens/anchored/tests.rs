use jeton_jose::UnixTime;
use jeton_jose::backend::RustCrypto;

use super::*;
use crate::verdict::Scope;
use crate::workbench::call;
use crate::workbench::tokens::verify::plain_policy;

/// Signed under a certificate whose chain (one intermediate) is in `x5c`; 2027 to 2030.
const TOKEN: &str = include_str!("token.txt");
const AUTHORITY: &[u8] = include_bytes!("authority.pem");
const INTERMEDIATE: &[u8] = include_bytes!("intermediate.pem");
/// 2028-01-01.
const NOW: UnixTime = UnixTime::from_seconds(1_830_297_600);

fn examined(token: &str, anchors: &[u8], now: UnixTime) -> Examined {
    let rules = Rules {
        policy: plain_policy(),
        allowed: None,
        scope: Scope::Claims,
        strict: true,
        beside: None,
        now,
    };
    let detail = Detail {
        checks: true,
        doctor: true,
        with_fix: false,
    };
    let setting = Setting {
        backend: &RustCrypto,
        now,
    };
    verify(token, anchors, rules, detail, &setting).unwrap()
}

fn refusal(examined: &Examined) -> (&str, &str) {
    assert_eq!(examined.report.verdict, Verdict::Invalid);
    assert_eq!(examined.provenance, Some("invalid"));
    let report = &examined.report;
    (report.code.unwrap_or_default(), report.message.as_str())
}

#[test]
fn a_chain_that_leads_to_the_anchor_verifies_and_is_said() {
    for anchors in [AUTHORITY, INTERMEDIATE, &[AUTHORITY, INTERMEDIATE].concat()] {
        let examined = examined(TOKEN, anchors, NOW);
        assert_eq!(
            examined.report.verdict,
            Verdict::Valid,
            "{}",
            examined.report.message
        );
        assert_eq!(examined.provenance, Some(PROVENANCE));
        assert_eq!(examined.report.key.unwrap().alg, "ES256");
        assert!(examined.checks.is_some_and(|checks| !checks.is_empty()));
    }
}

#[test]
fn what_leads_nowhere_is_refused_and_still_shown() {
    let other = include_str!("../../../token/findings/certificate.txt").trim();
    let other = format!("-----BEGIN CERTIFICATE-----\n{other}\n-----END CERTIFICATE-----\n");
    let seen = examined(TOKEN, other.as_bytes(), NOW);
    let (code, message) = refusal(&seen);
    assert_eq!(code, "certificate_untrusted");
    assert!(message.contains("none of the anchors"), "{message}");
    assert!(seen.report.claims.is_some() && seen.report.key.is_none() && seen.checks.is_none());

    let early = examined(TOKEN, AUTHORITY, UnixTime::from_seconds(1_767_225_600));
    assert!(refusal(&early).1.contains("not valid yet"));
    // Long after the token, within the certificates.
    let late = examined(TOKEN, AUTHORITY, UnixTime::from_seconds(2_000_000_000));
    assert_eq!(refusal(&late).0, "token_expired");

    let (header, rest) = TOKEN.split_once('.').unwrap();
    let bare = format!("eyJhbGciOiJFUzI1NiJ9.{rest}");
    assert!(
        refusal(&examined(&bare, AUTHORITY, NOW))
            .1
            .contains("brings none")
    );
    assert!(
        refusal(&examined("no token", AUTHORITY, NOW))
            .1
            .contains("malformed")
    );
    // The chain is good, the signature is of something else.
    let (_, signature) = rest.split_once('.').unwrap();
    let changed = format!("{header}.e30.{signature}");
    assert_eq!(
        refusal(&examined(&changed, AUTHORITY, NOW)).0,
        "signature_mismatch"
    );
}

#[test]
fn requests_give_anchors_instead_of_a_key() {
    let setting = Setting {
        backend: &RustCrypto,
        now: NOW,
    };
    let text = |text: &str| {
        let mut out = String::new();
        jeton_jose::json::write_string(&mut out, text);
        out
    };
    let anchors = text(core::str::from_utf8(AUTHORITY).unwrap());
    let ask_of = |token: &str, more: &str| {
        let request = format!(
            r#"{{"token":{},"trust_anchors":{anchors}{more}}}"#,
            text(token)
        );
        call("tokens/verify", &request, &setting)
    };
    let ask = |more: &str| ask_of(TOKEN, more);
    let answer = ask("").unwrap();
    assert!(
        answer.contains(r#""verdict":"valid""#) && answer.contains(PROVENANCE),
        "{answer}"
    );
    let answer = ask(r#","policy":{"algorithms":["RS256"]}"#).unwrap();
    assert!(answer.contains("algorithm_not_allowed"), "{answer}");
    let (header, rest) = TOKEN.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let changed = format!("{header}.e30.{signature}");
    let answer = ask_of(&changed, "").unwrap();
    assert!(answer.contains(r#""doctor":{"#), "{answer}");
    let answer = ask_of(&changed, r#","doctor":false"#).unwrap();
    assert!(!answer.contains(r#""doctor":"#), "{answer}");
    assert!(ask(r#","key":{"secret":"s"}"#).is_err());
    let request = format!(r#"{{"token":{},"trust_anchors":"none"}}"#, text(TOKEN));
    let failure = call("tokens/verify", &request, &setting).unwrap_err();
    assert!(failure.message().contains("trust anchor"), "{failure:?}");
}
