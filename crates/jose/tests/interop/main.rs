//! Interoperation in both directions with independent implementations: `jose` (npm) and `joserfc`
//! (`PyPI`), for each algorithm that both sides know, on each backend.
//!
//! `cargo xtask test` installs them and says where by `JETON_INTEROP_DIR`; without it, the tests
//! print that they were skipped.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod encryption;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use jeton_jose::alg::{Family, Hash};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::{Error, HeaderBuilder, SignatureRules, Verified, compact};
use jeton_jose::key::{self, KeyForm, SigningKey, Structure, VerifyingKey};
use jeton_jose::{Algorithm, Code, Limits};
use jeton_testkit::{backends, jwk, signing_key};
use serde_json::{Value, json};

/// More than one byte a character, so that a confusion of text and bytes would show.
const PAYLOAD: &str = r#"{"sub":"zoë","n":1}"#;

#[test]
fn peers_verify_what_we_sign() {
    each_algorithm(|peer, algorithm| {
        let private = jwk(algorithm);
        let key = key_of(&public(&private));
        for backend in backends() {
            let Some(signing) = signing_key(algorithm, backend) else {
                continue;
            };
            let token = compact::sign(&signing, &HeaderBuilder::new(), PAYLOAD.as_bytes()).unwrap();
            let answer = peer.verify(algorithm, &key, &token);
            assert_eq!(
                answer,
                json!({ "ok": true, "payload": PAYLOAD }),
                "{algorithm}"
            );
            for tampered in tampered(&token) {
                let answer = peer.verify(algorithm, &key, &tampered);
                assert_eq!(answer["ok"], json!(false), "{algorithm}: {tampered}");
            }
        }
    });
}

#[test]
fn we_verify_what_peers_sign() {
    each_algorithm(|peer, algorithm| {
        let private = jwk(algorithm);
        let token = peer.sign(algorithm, &key_of(&private));
        verify_everywhere(&token, &public(&private), algorithm);
    });
}

#[test]
fn keys_of_peers_are_understood() {
    each_algorithm(|peer, algorithm| {
        let made = peer.ask(&json!({ "op": "generate", "alg": algorithm.name() }));
        let private = Jwk::parse(made["private"].to_string().as_bytes()).unwrap();
        let token = peer.sign(algorithm, &json!({ "jwk": made["private"] }));
        verify_everywhere(&token, &public(&private), algorithm);
        if algorithm.row().family == Family::Hmac {
            return;
        }
        let published = Jwk::parse(made["public"].to_string().as_bytes()).unwrap();
        assert_eq!(private.public().unwrap().material(), published.material());
        for backend in backends() {
            for half in ["private", "public"] {
                let pem = made["pem"][half].as_str().unwrap();
                let read = key::read(pem.as_bytes(), backend).unwrap();
                let expected = if half == "private" {
                    &private
                } else {
                    &published
                };
                assert_eq!(
                    read.keys[0].material(),
                    expected.material(),
                    "{algorithm} {half}"
                );
            }
        }
    });
}

#[test]
fn our_keys_are_understood_by_peers() {
    each_algorithm(|peer, algorithm| {
        if algorithm.row().family == Family::Hmac {
            return;
        }
        for backend in backends() {
            let kind = jeton_jose::backend::GenerateKind::for_algorithm(algorithm);
            // Where one backend does not make such keys, the other one's are tried.
            let Ok(material) = key::generate(kind, backend) else {
                continue;
            };
            let private = Jwk::from(material);
            let (ours, theirs) = (private.public().unwrap(), pem(&private, Structure::Pkcs8));
            let token = peer.sign(algorithm, &json!({ "pem": theirs, "private": true }));
            verify_everywhere(&token, &ours, algorithm);
            let Ok(signing) = SigningKey::new(&private, algorithm, backend) else {
                continue;
            };
            let token = compact::sign(&signing, &HeaderBuilder::new(), PAYLOAD.as_bytes()).unwrap();
            let public = json!({ "pem": pem(&ours, Structure::Spki), "private": false });
            for key in [public, key_of(&ours)] {
                let answer = peer.verify(algorithm, &key, &token);
                assert_eq!(
                    answer,
                    json!({ "ok": true, "payload": PAYLOAD }),
                    "{algorithm}"
                );
            }
        }
    });
}

#[test]
fn thumbprints_agree() {
    each_algorithm(|peer, algorithm| {
        let jwk = jwk(algorithm);
        let theirs = peer.ask(&json!({ "op": "thumbprint", "key": key_of(&jwk) }));
        for backend in backends() {
            let ours = jwk.thumbprint(Hash::Sha256, backend);
            assert_eq!(theirs["thumbprint"], json!(ours), "{algorithm}");
        }
    });
}

/// An implementation behind a process that answers lines of JSON.
struct Peer {
    name: &'static str,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    process: Child,
}

impl Peer {
    fn start(name: &'static str, folder: &Path, program: &Path, script: &str) -> Self {
        let mut process = Command::new(program)
            .arg(folder.join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            name,
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.input, "{request}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer.get("failure").is_none(), "{}: {answer}", self.name);
        answer
    }

    fn sign(&mut self, algorithm: Algorithm, key: &Value) -> String {
        let request = json!({
            "op": "sign", "alg": algorithm.name(), "key": key, "header": { "typ": "JWT" },
            "payload": PAYLOAD,
        });
        self.ask(&request)["token"].as_str().unwrap().to_owned()
    }

    fn verify(&mut self, algorithm: Algorithm, key: &Value, token: &str) -> Value {
        let request =
            json!({ "op": "verify", "alg": algorithm.name(), "key": key, "token": token });
        self.ask(&request)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs `check` for each peer and each algorithm that it knows as well.
fn each_algorithm(check: impl Fn(&mut Peer, Algorithm)) {
    for mut peer in peers() {
        let known = peer.ask(&json!({ "op": "algorithms" }));
        let known: BTreeSet<&str> = known["algorithms"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let both = |algorithm: &&Algorithm| known.contains(algorithm.name());
        let both: Vec<Algorithm> = Algorithm::ALL.iter().filter(both).copied().collect();
        assert!(both.len() >= 14, "{} knows only {both:?}", peer.name);
        for algorithm in &both {
            check(&mut peer, *algorithm);
        }
        println!("{}: {} algorithms agree", peer.name, both.len());
    }
}

fn peers() -> Vec<Peer> {
    let Some(folder) = folder() else {
        println!("skipped: JETON_INTEROP_DIR is not set; `cargo xtask test` sets it");
        return Vec::new();
    };
    let mut peers = vec![Peer::start("jose", &folder, Path::new("node"), "peer.mjs")];
    let python = folder.join("venv").join("bin").join("python");
    if python.exists() {
        peers.push(Peer::start("joserfc", &folder, &python, "peer.py"));
    } else {
        println!("skipped: joserfc, there is no Python environment in the folder");
    }
    peers
}

#[expect(
    clippy::disallowed_methods,
    reason = "only the command that installs the peers knows where they are"
)]
fn folder() -> Option<PathBuf> {
    std::env::var_os("JETON_INTEROP_DIR").map(PathBuf::from)
}

/// The token is good on every backend, and no altered one is on any.
fn verify_everywhere(token: &str, public: &Jwk, algorithm: Algorithm) {
    let rules = SignatureRules::new(algorithm);
    for backend in backends() {
        let keys = VerifyingKey::new(public, algorithm, backend)
            .unwrap()
            .into();
        let verify = |token: &str| -> Result<Verified, Error> {
            compact::Unverified::parse(token, &Limits::default())?.verify(&keys, &rules)
        };
        let verified = verify(token).unwrap();
        assert_eq!(verified.payload(), PAYLOAD.as_bytes(), "{algorithm}");
        for tampered in tampered(token) {
            let code = verify(&tampered).unwrap_err().code();
            assert_eq!(code, Code::SignatureMismatch, "{algorithm}: {tampered}");
        }
    }
}

/// The token with another payload, and with another signature.
fn tampered(token: &str) -> [String; 2] {
    let dots: Vec<usize> = token.match_indices('.').map(|(at, _)| at).collect();
    [dots[0] + 5, dots[1] + 5].map(|at| {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        format!("{}{other}{}", &token[..at], &token[at + 1..])
    })
}

/// The public half; of a secret, the secret.
fn public(private: &Jwk) -> Jwk {
    private.public().unwrap_or_else(|| private.clone())
}

/// The key as a peer takes it.
fn key_of(jwk: &Jwk) -> Value {
    let parsed: Value = serde_json::from_str(&jwk.to_json()).unwrap();
    json!({ "jwk": parsed })
}

fn pem(jwk: &Jwk, structure: Structure) -> String {
    let text = key::write(jwk, KeyForm::Pem(structure)).unwrap();
    String::from_utf8(text.expose().to_vec()).unwrap()
}
