//! The inspector: whatever is pasted, it answers within its bounds, both backends alike, and its
//! answer is JSON.
#![no_main]

use jeton_inspect::openid::{Beside, cross_check};
use jeton_inspect::{diff, key_set, token};
use jeton_jose::json::{Document, Options, to_string};
use jeton_testkit::{NOW, backends};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    is_json(&token::inspect(text, &token::Options::new(NOW)));
    let reports: Vec<_> = backends()
        .into_iter()
        .map(|backend| key_set::examine(text.as_bytes(), backend))
        .collect();
    assert!(
        reports.windows(2).all(|pair| pair[0] == pair[1]),
        "{reports:?}"
    );
    if let Ok(report) = &reports[0] {
        is_json(report);
    }
    // The first line against the rest.
    let (left, right) = text.split_once('\n').unwrap_or((text, text));
    if let Ok(there) = diff::diff(left, right) {
        let back = diff::diff(right, left).expect("both can be read");
        assert_eq!(there.content, back.content);
        assert_eq!(there.payload.changes.len(), back.payload.changes.len());
        is_json(&there);
    }
    let beside = Beside {
        access_token: Some(right),
        code: Some(right),
        state: Some(right),
        nonce: Some(right),
        client_id: Some(right),
        dpop_proof: Some(right),
        certificate: Some(right.as_bytes()),
        key: None,
    };
    let checks: Vec<_> = backends()
        .into_iter()
        .map(|backend| cross_check(left, &beside, backend))
        .collect();
    assert!(checks.windows(2).all(|pair| pair[0] == pair[1]));
    if let Ok(checks) = &checks[0] {
        is_json(checks);
    }
});

fn is_json<T: serde::Serialize>(report: &T) {
    let text = to_string(report).expect("a report can be written");
    Document::parse(text.as_bytes(), &Options::lossless()).expect("a report is JSON");
}
