use core::fmt;
use core::str::FromStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::{Invalid, from_text};

/// Where a secret is: `env:NAME` or `file:PATH`. A configuration holds this, never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretReference {
    /// An environment variable.
    Environment(String),
    /// A file; a line break at its end does not belong to the secret.
    File(PathBuf),
}

/// Why a secret is not to be had. It names the place and repeats nothing of the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no such variable.
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    /// The file cannot be read.
    #[error("`{}` cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// There is nothing in it.
    #[error("the secret of `{0}` is empty")]
    Empty(SecretReference),
    /// Longer than any secret is.
    #[error("the secret of `{0}` is longer than {MOST} bytes")]
    Long(SecretReference),
}

/// Longest secret, in bytes.
const MOST: usize = 64 << 10;

impl SecretReference {
    /// Reads the secret.
    ///
    /// # Errors
    /// There is none, or it is too long to be one.
    pub fn read(&self) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let mut secret = match self {
            Self::Environment(name) => variable(name)?,
            Self::File(path) => {
                let mut bytes = Zeroizing::new(Vec::with_capacity(MOST + 1));
                File::open(path)
                    .and_then(|file| file.take(MOST as u64 + 1).read_to_end(&mut bytes))
                    .map_err(|error| SecretError::File(path.clone(), error))?;
                bytes
            }
        };
        if secret.len() > MOST {
            return Err(SecretError::Long(self.clone()));
        }
        if secret.last() == Some(&b'\n') {
            secret.pop();
            if secret.last() == Some(&b'\r') {
                secret.pop();
            }
        }
        if secret.is_empty() {
            return Err(SecretError::Empty(self.clone()));
        }
        Ok(secret)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how configuration reads the environment"
)]
fn variable(name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let value = std::env::var(name).map_err(|_| SecretError::Unset(name.to_owned()))?;
    Ok(Zeroizing::new(value.into_bytes()))
}

impl FromStr for SecretReference {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.split_once(':') {
            Some(("env", name)) if is_variable(name) => Ok(Self::Environment(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err(Invalid(
                "where the secret is, `env:NAME` or `file:PATH`, never the secret itself",
            )),
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Display for SecretReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

from_text!(
    SecretReference,
    "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
    "Where a secret is: `env:NAME` or `file:PATH`.",
    "env:JETON_SECRET",
    "file:secret.pem"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_not_a_secret() {
        assert_eq!(
            "env:JETON_SECRET".parse(),
            Ok(SecretReference::Environment("JETON_SECRET".into()))
        );
        assert_eq!(
            "file:keys/a.pem".parse(),
            Ok(SecretReference::File("keys/a.pem".into()))
        );
        for text in ["", "hunter2", "env:", "env:1A", "env:a b", "file:", "ENV:A"] {
            let error = text.parse::<SecretReference>().unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_file_is_read_without_its_line_break() {
        let folder = tempfile::tempdir().unwrap();
        for (written, read) in [
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            (" a ", " a "),
        ] {
            let path = folder.path().join("secret");
            std::fs::write(&path, written).unwrap();
            let secret = SecretReference::File(path).read().unwrap();
            assert_eq!(secret.as_slice(), read.as_bytes());
        }
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let reference = SecretReference::File(path.clone());
        assert!(matches!(reference.read(), Err(SecretError::File(..))));
        std::fs::write(&path, "\n").unwrap();
        assert!(matches!(reference.read(), Err(SecretError::Empty(_))));
        std::fs::write(&path, vec![b'a'; MOST + 1]).unwrap();
        assert!(matches!(reference.read(), Err(SecretError::Long(_))));
        let unset = SecretReference::Environment("JETON_NO_SUCH_VARIABLE".into());
        assert!(matches!(unset.read(), Err(SecretError::Unset(_))));
    }
}
