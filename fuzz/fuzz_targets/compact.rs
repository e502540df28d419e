//! The compact serialization: what parses has one spelling, the one that was read.
#![no_main]

use jeton_jose::jws::compact;
use jeton_jose::{Limits, base64url, jwt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let limits = Limits::default();
    let Ok(token) = compact::Unverified::parse(text, &limits) else {
        assert!(jwt::Unverified::parse(text, &limits).is_err());
        return;
    };
    let header = token.unverified_header();
    if header.base64_payload() {
        let spelled = format!(
            "{}.{}.{}",
            base64url::encode(header.text().as_bytes()),
            base64url::encode(token.unverified_payload()),
            base64url::encode(token.unverified_signature()),
        );
        assert_eq!(spelled, text);
    }
    if let Ok(token) = jwt::Unverified::parse(text, &limits) {
        // Wrong types and odd times are errors, never a panic.
        let _ = token.unverified_claims();
    }
});
