//! What the page writes to be taken elsewhere: the code for Rust compiles, and it and the command
//! accept and refuse what they should.

use std::process::Command;
use std::time::{Duration, SystemTime};

use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::jwt::Builder;
use jeton_jose::key::SigningKey;
use jeton_jose::{Algorithm, UnixTime};

#[path = "../../../../web/debugger/src/takeaway/golden/all_rules/verify.rs"]
#[expect(
    clippy::disallowed_methods,
    clippy::duration_suboptimal_units,
    unreachable_pub,
    reason = "written for others, who have a clock"
)]
mod all_rules;

#[path = "../../../../web/debugger/src/takeaway/golden/bare/verify.rs"]
#[expect(
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "written for others, who have a clock"
)]
mod bare;

#[path = "../../../../web/debugger/src/takeaway/golden/shared_secret/verify.rs"]
#[expect(
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "written for others, who have an environment"
)]
mod shared_secret;

const KEYS: &str = include_str!("../../../testkit/src/test_keys.json");
const SCRIPT: &str = "../../web/debugger/src/takeaway/golden/all_rules/verify.sh";
const ISSUER: &str = "https://issuer.example/a'b\"c\\d\n$x`{y}\u{202e}\u{e0001} é 字";

fn key() -> Jwk {
    let set = JwkSet::parse(KEYS.as_bytes()).expect("the test keys are a set");
    let mut keys = set.keys.into_iter();
    keys.find(|key| key.key_id() == Some("es256"))
        .expect("there is one")
}

#[expect(clippy::disallowed_methods, reason = "what is tested has a clock")]
fn now() -> UnixTime {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    UnixTime::from_seconds(0).saturating_add(since_1970.expect("it is later"))
}

/// A token as the rules want it, but from this issuer.
fn token_of(issuer: &str) -> String {
    let signer = SigningKey::new(&key(), Algorithm::ES256, &AwsLc).expect("the key signs");
    let claims = Builder::new()
        .typ("at+jwt")
        .issuer(issuer)
        .audiences(&["https://api.example"])
        .subject("ada \"the\" countess")
        .lifetime(now(), Duration::from_mins(5))
        .claim("client_id", "c");
    let token = claims.expect("a claim").sign(&signer);
    token.expect("it is signed")
}

#[test]
fn the_code_for_rust_accepts_and_refuses() {
    let verified = all_rules::verify(&token_of(ISSUER)).expect("it is accepted");
    assert_eq!(verified.claims().issuer(), Some(ISSUER));
    let refused = all_rules::verify(&token_of("https://issuer.example")).unwrap_err();
    assert!(refused.to_string().contains("iss"), "{refused}");
}

#[test]
fn the_code_for_rust_needs_the_key_it_was_not_given() {
    assert!(bare::verify(&token_of(ISSUER)).is_err());
    assert!(shared_secret::verify(&token_of(ISSUER)).is_err());
}

#[test]
#[cfg(unix)]
fn the_command_accepts_and_refuses() {
    let folder = tempfile::tempdir().expect("a folder");
    let public = key().to_public_json().expect("it has a public half");
    std::fs::write(folder.path().join("public.pem"), public).expect("it is written");
    let script = std::fs::canonicalize(SCRIPT).expect("the script is there");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_jeton"));
    let directory = binary.parent().expect("it is in a folder").display();
    let code_for = |issuer: &str| {
        let path = format!("export PATH='{directory}':$PATH; . \"$0\"");
        let mut bash = Command::new("bash");
        let run = bash.arg("-c").arg(path).arg(&script);
        let run = run
            .current_dir(folder.path())
            .env("TOKEN", token_of(issuer));
        run.output().expect("bash runs").status.code()
    };
    assert_eq!(code_for(ISSUER), Some(0));
    assert_eq!(code_for("https://issuer.example"), Some(1));
}
