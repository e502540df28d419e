//! Secrets: from an environment variable, a file or a hidden prompt; never from an argument.

use clap::Args;
use jeton_inspect::workbench::Encoding;
use jeton_jose::Secret;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyMaterial};
use zeroize::Zeroizing;

use super::{Place, SMALL};
use crate::failure::Failure;

/// Where a shared secret comes from.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SecretOptions {
    /// Environment variable that holds the shared secret
    ///
    /// Its bytes as they are, or in one of the forms b64:..., b64url:... and hex:...
    #[arg(long, value_name = "NAME", help_heading = "Key", group = "key_source")]
    pub(crate) secret_env: Option<String>,
    /// File that holds the shared secret, or - for the standard input
    ///
    /// Its bytes as they are, a line break at the end included, or one of the forms b64:...,
    /// b64url:... and hex:...
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    pub(crate) secret_file: Option<Place>,
    /// Ask for the shared secret with a hidden prompt
    #[arg(long, help_heading = "Key", group = "key_source")]
    pub(crate) secret: bool,
}

/// A secret, by itself and as a key.
#[derive(Debug)]
pub(crate) struct SecretSource {
    pub(crate) jwk: Jwk,
    pub(crate) secret: Secret,
}

impl SecretOptions {
    pub(crate) fn is_stdin(&self) -> bool {
        self.secret_file == Some(Place::Stdin)
    }

    /// The secret, if one of the options was given.
    pub(crate) fn read(&self) -> Result<Option<SecretSource>, Failure> {
        let (bytes, place) = match self {
            Self {
                secret_env: Some(name),
                ..
            } => (
                from_environment(name)?,
                format!("the environment variable `{name}`"),
            ),
            Self {
                secret_file: Some(place),
                ..
            } => (
                Zeroizing::new(place.read("secret", SMALL)?),
                place.to_string(),
            ),
            Self { secret: true, .. } => (
                from_prompt(
                    "secret (hidden): ",
                    "without a terminal, use --secret-env or --secret-file",
                )?,
                "the prompt".to_owned(),
            ),
            _ => return Ok(None),
        };
        refuse_key(&bytes, &place)?;
        let secret = decode(&bytes, &place)?;
        if secret.is_empty() {
            return Err(Failure::content(format!(
                "the secret from {place} is empty"
            )));
        }
        Ok(Some(SecretSource {
            jwk: Jwk::from(KeyMaterial::Oct(secret.clone())),
            secret,
        }))
    }
}

#[expect(clippy::disallowed_methods, reason = "the person names the variable")]
pub(super) fn from_environment(name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match std::env::var_os(name) {
        Some(value) => Ok(Zeroizing::new(value.into_encoded_bytes())),
        None => Err(
            Failure::usage(format!("there is no environment variable `{name}`"))
                .hint("--secret-env takes the name of the variable, not the secret"),
        ),
    }
}

pub(super) fn from_prompt(prompt: &str, hint: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let line = rpassword::prompt_password(prompt)
        .map_err(|error| Failure::io("cannot ask for the secret", &error).hint(hint))?;
    Ok(Zeroizing::new(line.into_bytes()))
}

/// A public key in the place of a secret is the classic confusion: whoever has the public key
/// could sign.
fn refuse_key(bytes: &[u8], place: &str) -> Result<(), Failure> {
    let found = key::read(bytes, &AwsLc).ok().map(|read| read.form);
    let is_pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
    if found.is_none() && !is_pem {
        return Ok(());
    }
    let form = found.map_or_else(|| "PEM".to_owned(), |form| form.to_string());
    Err(
        Failure::usage(format!("{place} holds a key ({form}), not a secret"))
            .hint("keys are given with --key; the text of a key never serves as a secret"),
    )
}

fn decode(bytes: &[u8], place: &str) -> Result<Secret, Failure> {
    let (form, encoding, written) = PREFIXES
        .into_iter()
        .find_map(|(form, encoding)| Some((form, encoding, bytes.strip_prefix(form.as_bytes())?)))
        .unwrap_or(("", Encoding::Utf8, bytes));
    encoding.decode(written).ok_or_else(|| {
        Failure::content(format!(
            "the secret from {place} begins with `{form}`, but what follows is not {encoding}"
        ))
        .hint("without one of the prefixes b64:, b64url: and hex: the bytes are taken as they are")
    })
}

const PREFIXES: [(&str, Encoding); 3] = [
    ("b64:", Encoding::Base64),
    ("b64url:", Encoding::Base64url),
    ("hex:", Encoding::Hex),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &[u8]) -> Option<Vec<u8>> {
        decode(text, "a test")
            .ok()
            .map(|secret| secret.expose().to_vec())
    }

    #[test]
    fn the_forms_of_a_secret() {
        assert_eq!(decoded(b"plain\n"), Some(b"plain\n".to_vec()));
        assert_eq!(decoded(b"hex:00fF\n"), Some(vec![0, 255]));
        assert_eq!(decoded(b"b64:+/8=\n"), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(b"b64:+/8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(b"b64url:-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(&[0xff, 0x00]), Some(vec![0xff, 0x00]));
    }

    #[test]
    fn a_broken_form_is_no_secret() {
        for text in [
            "hex:0",
            "hex:zz",
            "b64:-_8",
            "b64:a",
            "b64url:+/8",
            "b64:AA====",
        ] {
            assert_eq!(decoded(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn attack_03_no_key_text_serves_as_a_secret() {
        let pem = b"\n junk -----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n";
        assert!(refuse_key(pem, "a test").is_err());
        assert!(refuse_key(b"correct horse battery staple", "a test").is_ok());
    }
}
