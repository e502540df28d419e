//! Keys from their making to their use, through every form.

use crate::runner::{content, file, jeton};

const ALGORITHMS: [&str; 15] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "ES512", "ES256K", "Ed25519", "EdDSA",
];

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> String {
        self.0
            .path()
            .join(name)
            .to_str()
            .expect("the path is text")
            .to_owned()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the file is written");
        path
    }
}

#[test]
fn each_algorithm_signs_and_verifies_with_a_generated_key() {
    let folder = Folder::new();
    for algorithm in ALGORITHMS {
        let private = folder.path(&format!("{algorithm}.jwk"));
        jeton(&["key", "generate", "--alg", algorithm, "--out", &private]).text();
        let token = jeton(&[
            "sign", "--key", &private, "--sub", "joe", "--exp", "15m", "--jti", "auto",
        ])
        .text();
        let text = jeton(&[
            "verify",
            token.trim(),
            "--key",
            &private,
            "--sub",
            "joe",
            "--alg",
            algorithm,
            "--json",
        ])
        .text();
        assert!(
            text.contains(&format!("\"alg\": \"{algorithm}\"")),
            "{text}"
        );
        assert!(text.contains("\"weakness\": null"), "{text}");
    }
}

#[test]
fn a_key_keeps_its_identity_through_every_form() {
    let folder = Folder::new();
    for (algorithm, forms) in [
        (
            "ES256",
            &["jwk", "jwks", "pem", "der", "pkcs8", "sec1", "spki"][..],
        ),
        ("ES512", &["jwk", "pem", "der", "sec1", "spki"]),
        ("ES256K", &["pem", "sec1", "spki"]),
        ("Ed25519", &["jwk", "pem", "der", "pkcs8", "spki"]),
        ("RS256", &["jwk", "pem", "der", "pkcs8", "pkcs1", "spki"]),
    ] {
        let private = folder.path(&format!("{algorithm}.jwk"));
        jeton(&["key", "generate", "--alg", algorithm, "--out", &private]).text();
        let thumbprint = jeton(&["key", "thumbprint", &private]).text();
        for form in forms {
            let converted = folder.path(&format!("{algorithm}-converted.{form}"));
            jeton(&[
                "key", "convert", &private, "--to", form, "--out", &converted,
            ])
            .text();
            assert_eq!(
                jeton(&["key", "thumbprint", &converted]).text(),
                thumbprint,
                "{algorithm} {form}"
            );
            let token = jeton(&[
                "sign", "--key", &private, "--alg", algorithm, "--sub", "joe",
            ])
            .text();
            jeton(&[
                "verify",
                token.trim(),
                "--key",
                &converted,
                "--alg",
                algorithm,
            ])
            .text();
        }
    }
}

#[test]
fn the_public_half_verifies_and_does_not_sign() {
    let folder = Folder::new();
    let (private, public) = (folder.path("private.pem"), folder.path("public.pem"));
    let arguments = [
        "key",
        "generate",
        "--alg",
        "ES384",
        "--format",
        "pem",
        "--out",
        &private,
        "--public-out",
        &public,
    ];
    jeton(&arguments).text();
    let token = jeton(&["sign", "--key", &private, "--sub", "joe"]).text();
    jeton(&["verify", token.trim(), "--key", &public]).text();
    let ended = jeton(&["sign", "--key", &public, "--sub", "joe"]).end();
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("the private key is needed"),
        "{}",
        ended.stderr
    );
    let derived = jeton(&["key", "public", &private]).text();
    assert_eq!(
        derived,
        std::fs::read_to_string(&public).expect("the public half was written")
    );
}

#[cfg(unix)]
#[test]
fn private_keys_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &str| {
        std::fs::metadata(path)
            .expect("the file is there")
            .permissions()
            .mode()
            & 0o777
    };
    let folder = Folder::new();
    let (private, public) = (folder.path("private.jwk"), folder.path("public.jwk"));
    jeton(&[
        "key",
        "generate",
        "--alg",
        "ES256",
        "--out",
        &private,
        "--public-out",
        &public,
    ])
    .text();
    assert_eq!(mode(&private), 0o600);
    assert_ne!(mode(&public) & 0o044, 0);
    let open = folder.write("open.jwk", "");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o666))
        .expect("permissions change");
    jeton(&[
        "key", "convert", &private, "--to", "pkcs8", "--out", &open, "--force",
    ])
    .text();
    assert_eq!(
        mode(&open),
        0o600,
        "--force leaves no open permissions behind"
    );
}

#[test]
fn no_file_is_overwritten_unasked() {
    let folder = Folder::new();
    let path = folder.write("precious", "precious");
    let ended = jeton(&["key", "generate", "--alg", "ES256", "--out", &path]).end();
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("--force"), "{}", ended.stderr);
    assert_eq!(
        std::fs::read(&path).expect("the file is there"),
        b"precious"
    );
}

#[test]
fn inspecting_shows_no_private_part() {
    for name in [
        "keys/test-es256-private.jwk",
        "keys/test-hs256.jwk",
        "keys/test-rsa-private.pem",
    ] {
        let jwk = jeton(&["key", "convert", &file(name), "--to", "jwk"]).text();
        let private: Vec<&str> = jwk
            .lines()
            .filter_map(|line| line.trim().split_once(": "))
            .filter(|(member, _)| {
                [
                    "\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\"",
                ]
                .contains(member)
            })
            .map(|(_, value)| value.trim_matches(['"', ',']))
            .collect();
        assert!(!private.is_empty(), "{name}");
        for arguments in [
            &["key", "inspect", &file(name)][..],
            &["key", "inspect", &file(name), "--json"],
        ] {
            let shown = jeton(arguments).text();
            assert!(private.iter().all(|part| !shown.contains(part)), "{name}");
        }
    }
}

#[test]
fn a_public_set_holds_no_secret() {
    let folder = Folder::new();
    let private = content("keys/test-es256-private.jwk");
    let secret = content("keys/test-hs256.jwk");
    let set = folder.write("private.jwks", format!("{{\"keys\":[{private},{secret}]}}"));
    let public = jeton(&["key", "public", &set]).text();
    assert!(
        public.contains("test-es256") && !public.contains("test-hs256"),
        "{public}"
    );
    assert!(
        !public.contains("\"d\"") && !public.contains("\"k\""),
        "{public}"
    );
}

#[test]
fn attack_17_a_set_that_mixes_secrets_and_public_keys_is_refused() {
    let folder = Folder::new();
    let public = content("keys/test-es256-public.jwk");
    let secret = content("keys/test-hs256.jwk");
    let set = folder.write("mixed.jwks", format!("{{\"keys\":[{public},{secret}]}}"));
    let token = format!("@{}", file("files/access.jwt"));
    let ended = jeton(&["verify", &token, "--jwks", &set, "--json"]).end();
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.text().contains("\"code\":\"key_set_mixed\""),
        "{}",
        ended.text()
    );
}

#[test]
fn der_goes_to_a_pipe_as_it_is() {
    let der = jeton(&[
        "key",
        "convert",
        &file("keys/test-ec-private-sec1.pem"),
        "--to",
        "der",
    ])
    .end()
    .stdout;
    assert_eq!(der.first(), Some(&0x30));
    let ended = jeton(&["key", "inspect", "-"]).stdin(der).end();
    assert!(
        ended.text().contains("PKCS#8 private key in DER"),
        "{}",
        ended.stderr
    );
}

#[test]
fn claims_are_signed_byte_for_byte() {
    let claims = content("files/claims.json");
    let key = file("keys/test-hs256.jwk");
    let token = jeton(&["sign", "--key", &key, "--claims", "-"])
        .stdin(claims.clone())
        .text();
    let payload = token.split('.').nth(1).expect("a compact token");
    let decoded = jeton_jose::base64url::decode(payload).expect("base64url");
    assert_eq!(decoded, claims.as_bytes());
}

#[test]
fn any_bytes_can_be_signed() {
    let bytes: Vec<u8> = (0..=255).collect();
    let key = file("keys/test-ed25519-private.pem");
    let folder = Folder::new();
    let payload = format!("@{}", folder.write("payload", &bytes));
    let token = jeton(&[
        "sign",
        "--key",
        &key,
        "--payload",
        &payload,
        "--detached",
        "--b64-false",
    ])
    .text();
    jeton(&[
        "verify",
        token.trim(),
        "--jws",
        "--key",
        &key,
        "--payload",
        &payload,
    ])
    .text();
    let token = jeton(&["sign", "--key", &key, "--payload", &payload]).text();
    let text = jeton(&["verify", token.trim(), "--jws", "--key", &key, "--json"]).text();
    assert!(
        text.contains(&format!(
            "\"payload_base64url\": \"{}\"",
            jeton_jose::base64url::encode(&bytes)
        )),
        "{text}"
    );
}

#[test]
fn a_random_token_id_has_128_bits_and_is_never_the_same() {
    let id = || {
        let token = jeton(&[
            "sign",
            "--key",
            &file("keys/test-hs256.jwk"),
            "--jti",
            "auto",
        ])
        .text();
        let text = jeton(&["decode", token.trim(), "--json"]).text();
        let line = text
            .lines()
            .find(|line| line.contains("\"jti\""))
            .expect("a jti")
            .to_owned();
        line.split('"').nth(3).expect("a string").to_owned()
    };
    let (one, two) = (id(), id());
    assert_eq!(
        jeton_jose::base64url::decode(&one).map(|bytes| bytes.len()),
        Ok(16)
    );
    assert_ne!(one, two);
}

#[test]
fn shells_and_manuals_are_served() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            jeton(&["completions", shell]).text().contains("jeton"),
            "{shell}"
        );
    }
    assert!(jeton(&["man"]).text().contains(".TH jeton"));
    let folder = Folder::new();
    let dir = folder.path("man");
    jeton(&["man", "--dir", &dir]).text();
    for page in ["jeton.1", "jeton-verify.1", "jeton-key-generate.1"] {
        assert!(std::path::Path::new(&dir).join(page).is_file(), "{page}");
    }
}
