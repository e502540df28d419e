//! Prints requests with the answers of the native core, one JSON object a line: what the
//! WebAssembly core is held against by `tests/same.mjs`.
//!
//! The requests are those of `tests/requests.jsonl`, the files that the command line and the fuzz
//! targets are tested with, and tokens of every algorithm, sound and damaged. All of them have one
//! right answer, so nothing here draws random bytes after a request is made.

use std::error::Error;
use std::path::{Path, PathBuf};

use jeton_inspect::workbench::{self, Setting};
use jeton_jose::alg::{Family, KeyManagement};
use jeton_jose::backend::AwsLc;
use jeton_jose::json::{self, Document, Options, RawJson};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::{HeaderBuilder, compact, flattened, general};
use jeton_jose::jwt::policy::Preset;
use jeton_jose::key::{self, KeyForm, Structure};
use jeton_jose::{Algorithm, ContentEncryption, base64url, jwe};
use jeton_testkit::{NOW, any_signing_key, encrypting_key, jwk};
use serde::Serialize;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A request and its answer, both as text.
#[derive(Serialize)]
struct Line<'l> {
    operation: &'l str,
    request: &'l str,
    now: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

fn main() -> Outcome<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    written_by_hand(&here.join("tests/requests.jsonl"))?;
    let crates = here.parent().unwrap_or(here);
    for folder in [
        crates.join("jeton/tests/files"),
        crates.join("jeton/tests/keys"),
        crates.join("../fuzz/corpus-seed"),
    ] {
        for file in files(&folder)? {
            of_file(&std::fs::read(file)?)?;
        }
    }
    for algorithm in Algorithm::ALL {
        of_algorithm(*algorithm)?;
        of_key(&jwk(*algorithm))?;
    }
    encrypted()?;
    for preset in Preset::ALL {
        ask(
            "policies/show",
            &format!(r#"{{"policy":{}}}"#, text(preset.name())?),
        )?;
    }
    ask("names", "{}")
}

/// Prints a request with its answer.
fn ask(operation: &str, request: &str) -> Outcome<()> {
    let setting = Setting {
        backend: &AwsLc,
        now: NOW,
    };
    let result = workbench::call(operation, request, &setting);
    let line = Line {
        operation,
        request,
        now: NOW.seconds(),
        failure: result.as_ref().err().map(workbench::Failure::to_json),
        answer: result.ok(),
    };
    println!("{}", json::to_string(&line)?);
    Ok(())
}

fn written_by_hand(file: &Path) -> Outcome<()> {
    let lines = std::fs::read_to_string(file)?;
    for line in lines.lines() {
        let document = Document::parse(line.as_bytes(), &Options::lossless())?;
        let pair = document.root().as_array().ok_or("a line is no pair")?;
        let parts: Vec<_> = pair.iter().collect();
        let [operation, request] = parts.as_slice() else {
            return Err("a line is no pair".into());
        };
        let operation = operation.as_str().ok_or("an operation is no string")?;
        // A string is a request that is not JSON, or not in one way.
        let source = RawJson::from(*request);
        ask(operation, request.as_str().unwrap_or(source.text()))?;
    }
    Ok(())
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Everything that can be asked about a file without knowing what it is.
fn of_file(bytes: &[u8]) -> Outcome<()> {
    let key = match core::str::from_utf8(bytes) {
        Ok(content) => {
            let content = text(content)?;
            ask("tokens/inspect", &format!(r#"{{"text":{content}}}"#))?;
            ask("jwks/inspect", &format!(r#"{{"text":{content}}}"#))?;
            ask("policies/show", &format!(r#"{{"policy":{content}}}"#))?;
            let secret = r#"{"secret":"your-256-bit-secret"}"#;
            let request = format!(r#"{{"token":{content},"key":{secret},"with_fix":true}}"#);
            ask("tokens/verify", &request)?;
            let request = format!(r#"{{"before":{content},"after":{content}}}"#);
            ask("tokens/diff", &request)?;
            format!(r#"{{"text":{content}}}"#)
        }
        Err(_) => format!(r#"{{"der":"{}"}}"#, base64url::encode(bytes)),
    };
    ask("keys/inspect", &format!(r#"{{"key":{key}}}"#))?;
    ask("keys/convert", &format!(r#"{{"key":{key},"to":"jwks"}}"#))
}

fn of_key(jwk: &Jwk) -> Outcome<()> {
    let key = text(jwk.to_json().as_str())?;
    let key = format!(r#"{{"text":{key}}}"#);
    ask("keys/inspect", &format!(r#"{{"key":{key}}}"#))?;
    for to in ["jwk", "pem", "der", "pkcs1", "sec1", "spki"] {
        let request = format!(r#"{{"key":{key},"to":"{to}"}}"#);
        ask("keys/convert", &request)?;
    }
    let request = format!(r#"{{"key":{key},"to":"jwk","public":true}}"#);
    ask("keys/convert", &request)
}

/// Tokens under the test key of an algorithm, sound and not.
fn of_algorithm(algorithm: Algorithm) -> Outcome<()> {
    let claims = r#"{"iss":"https://issuer.example","sub":"joe","aud":["api"],"exp":1767226200,"nbf":1767225000,"iat":1767225000,"scope":"read write","n":1.0e2}"#;
    let signer = any_signing_key(algorithm);
    let header = HeaderBuilder::new().typ("JWT");
    let token = compact::sign(&signer, &header, claims.as_bytes())?;
    let own = jwk(algorithm);
    let public = own.public().unwrap_or_else(|| own.clone());
    let given = format!(r#"{{"text":{}}}"#, text(public.to_json().as_str())?);
    for damaged in damaged(&token) {
        let token = text(&damaged)?;
        ask("tokens/inspect", &format!(r#"{{"text":{token}}}"#))?;
        let request = format!(r#"{{"token":{token},"key":{given}}}"#);
        ask("tokens/verify", &request)?;
    }
    let token = text(&token)?;
    for rest in [
        r#""at":"+1h""#,
        r#""at":"2025-01-01T00:00:00Z","leeway":"5m""#,
        r#""policy":"access-token""#,
        r#""policy":{"issuer":"https://issuer.example","audience":"api","max_age":"1h"}"#,
        r#""signature_only":true,"strict":true"#,
    ] {
        let request = format!(r#"{{"token":{token},"key":{given},{rest}}}"#);
        ask("tokens/verify", &request)?;
    }
    if let Ok(pem) = key::write(&public, KeyForm::Pem(Structure::Spki)) {
        let pem = text(&String::from_utf8_lossy(pem.expose()))?;
        let request = format!(r#"{{"token":{token},"key":{{"text":{pem}}}}}"#);
        ask("tokens/verify", &request)?;
    }
    for form in [
        flattened::sign(&signer, &header, claims.as_bytes())?,
        general::sign(&[(&signer, &header), (&signer, &header)], b"text")?,
    ] {
        let form = text(&form)?;
        ask("tokens/inspect", &format!(r#"{{"text":{form}}}"#))?;
        let request = format!(r#"{{"token":{form},"key":{given}}}"#);
        ask("tokens/verify", &request)?;
        let request = format!(r#"{{"before":{token},"after":{form}}}"#);
        ask("tokens/diff", &request)?;
    }
    // The others sign differently each time.
    if matches!(
        algorithm.row().family,
        Family::Hmac | Family::RsaPkcs1 | Family::EdDsa
    ) {
        let private = text(own.to_json().as_str())?;
        for rest in [
            r#""form":"general""#,
            r#""detached":true"#,
            r#""b64":false,"header":"{\"x\":1.50}""#,
            r#""exact":true,"header":"{\"alg\":\"none\"}""#,
        ] {
            let key = format!(r#"{{"text":{private},"alg":"{algorithm}"}}"#);
            let payload = text(claims)?;
            let request = format!(r#"{{"payload":{payload},"keys":[{key}],{rest}}}"#);
            ask("tokens/sign", &request)?;
        }
    }
    Ok(())
}

/// The token itself, and with one thing wrong.
fn damaged(token: &str) -> Vec<String> {
    let part = |at: usize| token.split('.').nth(at).unwrap_or_default();
    let (header, payload, signature) = (part(0), part(1), part(2));
    let other = base64url::encode(br#"{"sub":"admin"}"#);
    let unsigned = base64url::encode(br#"{"alg":"none"}"#);
    let critical = base64url::encode(br#"{"alg":"HS256","crit":["x"],"x":1}"#);
    vec![
        token.to_owned(),
        format!("Authorization: Bearer {token}\n"),
        format!("{header}.{other}.{signature}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}"),
        format!("{unsigned}.{payload}."),
        format!("{critical}.{payload}.{signature}"),
        format!("{header}.{payload}=.{signature}"),
        format!("{header}.{payload}.{signature}.{signature}"),
        token.chars().rev().collect(),
        token.get(..token.len() / 2).unwrap_or_default().to_owned(),
    ]
}

/// A token of every way to encrypt, looked at from outside.
fn encrypted() -> Outcome<()> {
    let header = jwe::HeaderBuilder::new(ContentEncryption::A256GCM);
    for algorithm in KeyManagement::ALL {
        let key = encrypting_key(*algorithm, &AwsLc);
        let token = jwe::compact::encrypt(&key, &header, b"{}", &AwsLc)?;
        ask("tokens/inspect", &format!(r#"{{"text":"{token}"}}"#))?;
        ask("tokens/verify", &format!(r#"{{"token":"{token}"}}"#))?;
    }
    Ok(())
}

fn text(value: &str) -> Outcome<String> {
    Ok(json::to_string(value)?)
}
