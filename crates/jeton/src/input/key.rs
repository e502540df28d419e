//! Keys from files, in any form.

use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyError, KeyForm, Skipped, Structure};
use jeton_jose::{Algorithm, AlgorithmSet, Secret};

use super::{Place, SMALL};
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
}

/// Reads a key file, whatever its form.
pub(crate) fn read_keys(place: &Place) -> Result<KeyFile, Failure> {
    let bytes = Secret::new(place.read("key", SMALL)?);
    parse_keys(place, bytes)
}

/// Reads what a key file holds.
pub(crate) fn parse_keys(place: &Place, bytes: Secret) -> Result<KeyFile, Failure> {
    let read = key::read(bytes.expose(), &AwsLc)
        .map_err(|error| Failure::key(&format!("the key from {place}"), &error))?;
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
    })
}

impl KeyFile {
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
