//! An SD-JWT from its issuer over its holder to its verifier.

use crate::runner::{file, jeton};

fn issue(more: &[&str]) -> String {
    let issuer = file("keys/test-ed25519-private.pem");
    let holder = file("keys/test-es256-private.jwk");
    let claims = r#"{"iss":"https://issuer.example","email":"ada@example.org","roles":["r","w"]}"#;
    let fixed = [
        "sd",
        "issue",
        "--key",
        &issuer,
        "--holder",
        &holder,
        "--claims",
        claims,
        "--disclosable",
        "email",
        "--disclosable",
        "/roles/1",
    ];
    jeton(&[&fixed[..], more].concat()).text().trim().to_owned()
}

fn verify(token: &str, nonce: &str) -> (Option<i32>, String) {
    let issuer = file("keys/test-ed25519-public.der");
    let ended = jeton(&[
        "sd",
        "verify",
        token,
        "--key",
        &issuer,
        "--kb-aud",
        "https://verifier.example",
        "--kb-nonce",
        nonce,
        "--json",
    ])
    .end();
    (ended.code, ended.text())
}

#[test]
fn the_holder_decides_and_proves() {
    let holder = file("keys/test-es256-private.jwk");
    for hash in ["sha-256", "sha-384", "sha-512"] {
        let issued = issue(&["--decoys", "3", "--decoys", "roles=1", "--hash", hash]);
        assert_eq!(issued.matches('~').count(), 3);
        let presented = jeton(&[
            "sd",
            "present",
            "-",
            "--disclose",
            "email",
            "--key",
            &holder,
            "--kb-aud",
            "https://verifier.example",
            "--kb-nonce",
            "8b1f",
        ])
        .stdin(issued)
        .text();
        let (code, answer) = verify(presented.trim(), "8b1f");
        assert_eq!(code, Some(0), "{answer}");
        assert!(answer.contains("\"key_binding\": \"verified\""), "{answer}");
        // One claim kept back, four decoys.
        assert!(answer.contains("\"undisclosed\": 5"), "{answer}");
        let (code, answer) = verify(presented.trim(), "8b1e");
        assert_eq!(code, Some(1));
        assert!(answer.contains("nonce_mismatch"), "{answer}");
    }
}

#[test]
fn salts_are_fresh_each_time() {
    let (one, two) = (issue(&[]), issue(&[]));
    assert_ne!(one, two);
}
