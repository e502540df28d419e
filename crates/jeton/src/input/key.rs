//! Keys from files, in any form.

use jeton_inspect::workbench::KeyInput;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyError, KeyForm, ReadKeys, Skipped, Structure};
use jeton_jose::{Algorithm, AlgorithmSet, Secret};

use super::{PassphraseOptions, Place, SMALL};
use crate::failure::Failure;
use crate::terminal;

/// What a key file holds.
#[derive(Debug)]
pub(crate) struct KeyFile {
    pub(crate) place: Place,
    pub(crate) form: KeyForm,
    pub(crate) keys: Vec<Jwk>,
    pub(crate) skipped: Vec<Skipped>,
    /// The file as it is.
    pub(crate) bytes: Secret,
    /// What opened it.
    passphrase: Option<Secret>,
}

/// Reads a key file, whatever its form.
pub(crate) fn read_keys(place: &Place, passphrase: &PassphraseOptions) -> Result<KeyFile, Failure> {
    let bytes = Secret::new(place.read("key", SMALL)?);
    parse_keys(place, bytes, passphrase)
}

/// Reads what a key file holds.
pub(crate) fn parse_keys(
    place: &Place,
    bytes: Secret,
    passphrase: &PassphraseOptions,
) -> Result<KeyFile, Failure> {
    let (read, passphrase) = open(&bytes, place, passphrase)?;
    let certificates = matches!(read.form, KeyForm::Pem(Structure::Certificate));
    for skipped in read.skipped.iter().filter(|_| !certificates) {
        if let KeyError::Surplus { .. } = skipped.error {
            terminal::print_error(&format!("warning: {place}: {}\n", skipped.error));
        }
    }
    Ok(KeyFile {
        place: place.clone(),
        form: read.form,
        keys: read.keys,
        skipped: read.skipped,
        bytes,
        passphrase,
    })
}

/// Reads the key, and asks for its passphrase if it has one.
fn open(
    bytes: &Secret,
    place: &Place,
    options: &PassphraseOptions,
) -> Result<(ReadKeys, Option<Secret>), Failure> {
    let failure = |error: KeyError| {
        let failure = Failure::key(&format!("the key from {place}"), &error);
        match error {
            KeyError::PassphraseMissing => {
                failure.hint("give it with --passphrase-env or --passphrase-file")
            }
            _ => failure,
        }
    };
    let error = match key::read(bytes.expose(), &AwsLc) {
        Err(error @ KeyError::PassphraseMissing) => error,
        read => return Ok((read.map_err(failure)?, None)),
    };
    let passphrase = options.read(place)?.ok_or_else(|| failure(error))?;
    let read = key::read_with_passphrase(bytes.expose(), &passphrase, &AwsLc).map_err(failure)?;
    Ok((read, Some(passphrase)))
}

impl KeyFile {
    /// As the workbench takes it.
    pub(crate) fn into_input(self, key_id: Option<String>) -> KeyInput {
        let name = format!("the key from {}", self.place);
        let mut input = KeyInput::from_file(self.bytes)
            .with_passphrase(self.passphrase)
            .named(name);
        input.kid = key_id;
        input
    }

    /// The one key of the file, or of its set the one that `key_id` names.
    pub(crate) fn into_one(mut self, key_id: Option<&str>) -> Result<Jwk, Failure> {
        if self.keys.len() > 1 {
            let Some(key_id) = key_id else {
                return Err(Failure::usage(format!(
                    "{} is a set of {} keys",
                    self.place,
                    self.keys.len()
                ))
                .hint("name one with --kid, or take it out with `jeton jwks select`"));
            };
            self.keys.retain(|key| key.key_id() == Some(key_id));
        }
        match (self.keys.pop(), self.keys.is_empty()) {
            (Some(key), true) => Ok(key),
            (Some(_), false) => Err(Failure::usage(format!(
                "several keys in {} have this `kid`",
                self.place
            ))),
            (None, _) => {
                let failure =
                    Failure::content(format!("{} holds no usable key of this `kid`", self.place));
                Err(self.skipped.iter().fold(failure, |failure, skipped| {
                    failure.cause(format!("key {}: {}", skipped.index, skipped.error))
                }))
            }
        }
    }
}

/// An algorithm by its exact name.
pub(crate) fn algorithm_name(name: &str) -> Result<Algorithm, String> {
    Algorithm::from_name(name).ok_or_else(|| {
        let known: AlgorithmSet = Algorithm::ALL.iter().copied().collect();
        let hint = Algorithm::ALL
            .iter()
            .find(|known| known.name().eq_ignore_ascii_case(name));
        match hint {
            Some(meant) => format!("names are case-sensitive; did you mean {meant}?"),
            None => format!("there are {known}"),
        }
    })
}
