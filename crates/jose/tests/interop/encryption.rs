//! Encryption, for each pair of `alg` and `enc` that both sides know.

use jeton_jose::alg::{Curve, KeyManagementFamily};
use jeton_jose::backend::GenerateKind;
use jeton_jose::jwe::{EncryptionRules, HeaderBuilder, compact};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, DecryptingKey, EncryptingKey, KeyMaterial};
use jeton_jose::{Code, ContentEncryption, KeyManagement, Limits, Secret};
use jeton_testkit::{backends, encryption_jwk};
use serde_json::{Value, json};

use super::{PAYLOAD, Peer, key_of, peers, public};

#[test]
fn peers_decrypt_what_we_encrypt() {
    each_pair(|peer, pair| {
        for backend in backends() {
            let key = EncryptingKey::new(&public(&pair.jwk), pair.algorithm, backend).unwrap();
            let header = HeaderBuilder::new(pair.encryption).parties(b"Alice", b"Bob");
            let key = key.with_iterations(1000);
            let token = compact::encrypt(&key, &header, PAYLOAD.as_bytes(), backend).unwrap();
            let answer = pair.decrypted_by(peer, &token);
            assert_eq!(answer, json!({ "ok": true, "payload": PAYLOAD }), "{pair}");
            let answer = pair.decrypted_by(peer, &tampered(&token));
            assert_eq!(answer["ok"], json!(false), "{pair}");
        }
    });
}

#[test]
fn we_decrypt_what_peers_encrypt() {
    each_pair(|peer, pair| {
        let request = json!({
            "op": "encrypt", "alg": pair.algorithm.name(), "enc": pair.encryption.name(),
            "key": key_of(&public(&pair.jwk)), "header": { "typ": "example" }, "payload": PAYLOAD,
        });
        let answer = peer.ask(&request);
        let token = answer["token"].as_str().unwrap();
        let rules = EncryptionRules::new(pair.algorithm, pair.encryption);
        let mut decrypted = 0;
        for backend in backends() {
            let Ok(key) = DecryptingKey::new(&pair.jwk, pair.algorithm, backend) else {
                assert_eq!(pair.algorithm.row().family, KeyManagementFamily::RsaOaep);
                continue;
            };
            let keys = key.into();
            let decrypt = |token: &str| {
                compact::Encrypted::parse(token, &Limits::default())
                    .unwrap()
                    .decrypt(&keys, &rules)
            };
            assert_eq!(
                decrypt(token).unwrap().plaintext(),
                PAYLOAD.as_bytes(),
                "{pair}"
            );
            let code = decrypt(&tampered(token)).unwrap_err().code();
            assert_eq!(code, Code::DecryptionFailed, "{pair}");
            decrypted += 1;
        }
        assert!(decrypted > 0, "{pair}");
    });
}

/// What both sides use.
struct Pair {
    algorithm: KeyManagement,
    encryption: ContentEncryption,
    jwk: Jwk,
}

impl Pair {
    fn decrypted_by(&self, peer: &mut Peer, token: &str) -> Value {
        peer.ask(&json!({
            "op": "decrypt", "alg": self.algorithm.name(), "enc": self.encryption.name(),
            "key": key_of(&self.jwk), "token": token,
        }))
    }
}

impl core::fmt::Display for Pair {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} with {}", self.algorithm, self.encryption)
    }
}

/// Runs `check` for each peer, each pair that it knows as well, and each kind of key.
fn each_pair(check: impl Fn(&mut Peer, &Pair)) {
    for mut peer in peers() {
        let known = peer.ask(&json!({ "op": "encryptions" }));
        let knows = |table: &str, name: &str| {
            let names = known[table].as_array().unwrap();
            names.iter().any(|known| known == name)
        };
        let mut pairs = 0;
        for algorithm in KeyManagement::ALL.iter().copied() {
            for encryption in ContentEncryption::ALL.iter().copied() {
                if !knows("alg", algorithm.name()) || !knows("enc", encryption.name()) {
                    continue;
                }
                for jwk in keys(algorithm, encryption) {
                    let pair = Pair {
                        algorithm,
                        encryption,
                        jwk,
                    };
                    check(&mut peer, &pair);
                }
                pairs += 1;
            }
        }
        assert!(pairs >= 96, "{} knows only {pairs} pairs", peer.name);
        println!(
            "{}: {pairs} pairs of encryption algorithms agree",
            peer.name
        );
    }
}

/// A key of each kind that the algorithm takes.
fn keys(algorithm: KeyManagement, encryption: ContentEncryption) -> Vec<Jwk> {
    match algorithm.row().family {
        KeyManagementFamily::Direct => {
            let secret = Secret::new(vec![0x44; encryption.row().key_len]);
            vec![Jwk::from(KeyMaterial::Oct(secret))]
        }
        KeyManagementFamily::EcdhEs => Curve::ALL
            .into_iter()
            .filter(|curve| curve.agrees())
            .map(|curve| {
                let kind = GenerateKind::Curve(curve);
                Jwk::from(key::generate(kind, backends()[0]).unwrap())
            })
            .collect(),
        _ => vec![encryption_jwk(algorithm)],
    }
}

/// The token with another ciphertext.
fn tampered(token: &str) -> String {
    let at = token.match_indices('.').nth(2).unwrap().0 + 3;
    let other = if &token[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}
