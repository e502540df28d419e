//! Reading what the command line points at, never more than a stated size.

mod key;
mod passphrase;
mod secret;
mod token;

use std::convert::Infallible;
use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::PathBuf;
use std::str::FromStr;

pub(crate) use key::{KeyFile, algorithm_name, parse_keys, read_keys};
pub(crate) use passphrase::{
    EncryptOptions, NewPasswordOptions, PassphraseOptions, PasswordOptions,
};
pub(crate) use secret::SecretOptions;
pub(crate) use token::{Line, TokenLines, read_pasted, read_token};

use crate::failure::Failure;
use crate::terminal;

/// Most bytes of a token, a key, a policy or claims.
pub(crate) const SMALL: usize = 1 << 20;
/// Most bytes of a payload.
pub(crate) const LARGE: usize = 16 << 20;

/// Where something is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Stdin,
    File(PathBuf),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::Stdin,
            path => Self::File(path.into()),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("the standard input"),
            Self::File(path) if holds_key(&path.to_string_lossy()) => {
                f.write_str("a file name that looks like a key (so it is not shown)")
            }
            Self::File(path) => write!(f, "`{}`", path.display()),
        }
    }
}

/// Whether an argument is a key rather than the name of its file, so that no message repeats it.
pub(crate) fn holds_key(argument: &str) -> bool {
    ["-----BEGIN", "\"kty\"", "PRIVATE KEY"]
        .iter()
        .any(|sign| argument.contains(sign))
}

/// Text on the command line itself, or where it is read from: `-` or `@file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Text(String),
    At(Place),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match (text, text.strip_prefix('@')) {
            ("-", _) => Self::At(Place::Stdin),
            (_, Some(path)) => Self::At(Place::File(path.into())),
            _ => Self::Text(text.to_owned()),
        })
    }
}

impl Source {
    pub(crate) fn is_stdin(&self) -> bool {
        *self == Self::At(Place::Stdin)
    }

    /// The bytes, at most `limit`. `what` names them in errors: "claims".
    pub(crate) fn read(&self, what: &str, limit: usize) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::At(place) => place.read(what, limit),
        }
    }
}

impl Place {
    /// The bytes, at most `limit`. `what` names them in errors: "key".
    pub(crate) fn read(&self, what: &str, limit: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        self.open(what)?
            .take(limit as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| self.failure(what, &error))?;
        if bytes.len() > limit {
            return Err(Failure::content(format!(
                "{self} is longer than {}, too long for a {what}",
                size(limit)
            )));
        }
        Ok(bytes)
    }

    /// The text, at most `limit` bytes.
    pub(crate) fn read_text(&self, what: &str, limit: usize) -> Result<String, Failure> {
        text(self.read(what, limit)?, what, &self.to_string())
    }

    fn open(&self, what: &str) -> Result<Box<dyn Read>, Failure> {
        match self {
            Self::Stdin => {
                if io::stdin().is_terminal() {
                    terminal::print_error(&format!(
                        "reading the {what} from the terminal; end with Ctrl-D\n"
                    ));
                }
                Ok(Box::new(io::stdin()))
            }
            Self::File(path) => {
                if path.is_dir() {
                    return Err(Failure::content(format!(
                        "{self} is a directory, expected a file with a {what}"
                    )));
                }
                let file = File::open(path).map_err(|error| self.failure(what, &error))?;
                Ok(Box::new(file))
            }
        }
    }

    fn failure(&self, what: &str, error: &io::Error) -> Failure {
        let failure = Failure::io(format!("cannot read the {what} from {self}"), error);
        match (self, error.kind()) {
            (Self::File(path), _) if holds_key(&path.to_string_lossy()) => {
                failure.hint("give the name of the key's file, or - for the standard input")
            }
            (Self::File(_), io::ErrorKind::NotFound) => {
                failure.hint("check the path, or write - for the standard input")
            }
            _ => failure,
        }
    }
}

/// Bytes that must be text.
pub(crate) fn text(bytes: Vec<u8>, what: &str, place: &str) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        Failure::content(format!("the {what} from {place} is not text")).cause(format!(
            "invalid UTF-8 at byte {}",
            error.utf8_error().valid_up_to()
        ))
    })
}

/// The standard input can be read once.
pub(crate) fn one_stdin(users: &[bool]) -> Result<(), Failure> {
    if users.iter().filter(|uses| **uses).count() > 1 {
        return Err(Failure::usage("the standard input is asked for twice")
            .hint("give one of them as a file"));
    }
    Ok(())
}

/// `1 MiB`.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        bytes if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) => {
            format!("{} MiB", bytes >> 20)
        }
        bytes if bytes >= 1 << 10 && bytes.is_multiple_of(1 << 10) => {
            format!("{} KiB", bytes >> 10)
        }
        bytes => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_text_or_a_place() {
        let read = |text: &str| text.parse::<Source>().unwrap();
        assert_eq!(read("-"), Source::At(Place::Stdin));
        assert_eq!(
            read("@token.txt"),
            Source::At(Place::File("token.txt".into()))
        );
        assert_eq!(read("eyJ"), Source::Text("eyJ".into()));
    }

    #[test]
    fn sizes_are_named_exactly() {
        assert_eq!(size(SMALL), "1 MiB");
        assert_eq!(size(64 << 10), "64 KiB");
        assert_eq!(size(1000), "1000 bytes");
    }
}
