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
use jeton_jose::{Algorithm, Code, Limits, jwt, sd_jwt};
use jeton_testkit::{NOW, backends, jwk, signing_key};
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

#[test]
fn we_verify_sd_jwts_of_the_reference_implementation() {
    let Some(mut peer) = sd_jwt_peer() else {
        return;
    };
    let (private, public) = (jwk(SD_JWT), public(&jwk(SD_JWT)));
    let claims = sd_jwt_claims();
    let issued = peer.ask(&json!({
        "op": "sd_issue", "claims": claims, "disclosable": ["email", "address"],
        "key": key_of(&private), "holder": key_of(&public),
    }));
    let issued = issued["token"].as_str().unwrap();
    let presented = peer.ask(&json!({
        "op": "sd_present", "token": issued, "nonce": NONCE, "aud": VERIFIER,
        "claims": { "email": true, "nationalities": [true, false] }, "holder": key_of(&private),
    }));
    let presented = presented["token"].as_str().unwrap();
    for backend in backends() {
        let keys = VerifyingKey::new(&public, SD_JWT, backend).unwrap().into();
        let limits = Limits::default();
        let token = sd_jwt::Unverified::parse(presented, &limits).unwrap();
        let proof = token.unverified_key_binding().unwrap();
        let proof = jwt::Unverified::parse(proof, &limits).unwrap();
        let made_at = proof.unverified_claims().unwrap().issued_at().unwrap();
        let rules = sd_jwt::Rules {
            policy: jwt::Policy::new(SD_JWT).issuer("https://issuer.example"),
            key_binding: Some(sd_jwt::KeyBindingRules::new(VERIFIER, NONCE)),
        };
        let verified = sd_jwt::verify(presented, &keys, &rules, made_at, backend).unwrap();
        assert_eq!(verified.disclosed().len(), 2, "{:?}", verified.disclosed());
        let claim = |name| {
            verified
                .claims()
                .get(name)
                .map(jeton_jose::json::Value::source)
        };
        assert_eq!(claim("address"), None);
        assert_eq!(claim("nationalities"), Some(r#"["GB"]"#));

        let whole = sd_jwt::Rules {
            key_binding: None,
            ..rules
        };
        let verified = sd_jwt::verify(issued, &keys, &whole, made_at, backend).unwrap();
        let mut seen: Value = serde_json::from_str(verified.claims().text()).unwrap();
        seen.as_object_mut().unwrap().remove("cnf").unwrap();
        assert_eq!(seen, claims);
    }
}

#[test]
fn the_reference_implementation_verifies_our_sd_jwts() {
    let Some(mut peer) = sd_jwt_peer() else {
        return;
    };
    let public = public(&jwk(SD_JWT));
    for backend in backends() {
        let signer = signing_key(SD_JWT, backend).unwrap();
        let mut claims = sd_jwt_claims();
        claims["cnf"] = json!({ "jwk": key_of(&public)["jwk"] });
        let mut count = 0_u128;
        let mut salts = || {
            count += 1;
            count.to_be_bytes()
        };
        let issued = sd_jwt::Builder::new(&claims)
            .unwrap()
            .disclosable("/email")
            .disclosable("/address/street")
            .disclosable("/address")
            .disclosable("/nationalities/1")
            .decoys("/nationalities", 2)
            .sign(&signer, &mut salts, backend)
            .unwrap();
        let token = sd_jwt::Unverified::parse(&issued, &Limits::default()).unwrap();
        let shown = token
            .present(&["/email", "/address/street"], backend)
            .unwrap();
        let challenge = sd_jwt::Challenge {
            audience: VERIFIER,
            nonce: NONCE,
        };
        let shown = sd_jwt::bind(&shown, &signer, &challenge, NOW, backend).unwrap();
        let mut ask = |text: &str, nonce: &str| {
            peer.ask(&json!({
                "op": "sd_verify", "token": text, "key": key_of(&public), "aud": VERIFIER,
                "nonce": nonce,
            }))
        };
        let answer = ask(&shown, NONCE);
        claims["nationalities"] = json!(["GB"]);
        assert_eq!(answer, json!({ "ok": true, "claims": claims }));
        assert_eq!(ask(&shown, "n2")["ok"], json!(false));
        let tampered = shown.replacen("~WyJ", "~WyI", 1);
        assert_eq!(ask(&tampered, NONCE)["ok"], json!(false));
    }
}

/// The one algorithm that the peer signs SD-JWTs with.
const SD_JWT: Algorithm = Algorithm::ES256;
const VERIFIER: &str = "https://verifier.example";
const NONCE: &str = "n1";

fn sd_jwt_claims() -> Value {
    json!({
        "iss": "https://issuer.example", "sub": "ada", "email": "zoë@example",
        "address": { "street": "Dorset Street 1" }, "nationalities": ["GB", "FR"],
    })
}

fn sd_jwt_peer() -> Option<Peer> {
    let peer = peers().into_iter().find(|peer| peer.name == "joserfc");
    if peer.is_none() {
        println!("skipped: there is no Python peer, which knows SD-JWT");
    }
    peer
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
