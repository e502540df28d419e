//! Passphrases of key files and passwords of tokens: from an environment variable, a file or a
//! hidden prompt; never from an argument.

use std::io::{self, IsTerminal as _};

use clap::Args;
use jeton_jose::Secret;

use super::secret::{from_environment, from_prompt};
use super::{Place, SMALL};
use crate::failure::Failure;

/// What opens encrypted key files. Without one, a terminal is asked.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PassphraseOptions {
    /// Environment variable that holds the passphrase of an encrypted key file
    #[arg(long, value_name = "NAME", help_heading = "Key")]
    passphrase_env: Option<String>,
    /// File whose first line is the passphrase of an encrypted key file
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Key",
        conflicts_with = "passphrase_env"
    )]
    passphrase_file: Option<Place>,
}

/// Under what a private key is written.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct EncryptOptions {
    /// Write the private key under a passphrase (PKCS#8, PBES2 with AES-256)
    #[arg(long)]
    pub(crate) encrypt: bool,
    /// Environment variable that holds the new passphrase
    #[arg(long, value_name = "NAME", requires = "encrypt")]
    new_passphrase_env: Option<String>,
    /// File whose first line is the new passphrase
    #[arg(
        long,
        value_name = "FILE",
        requires = "encrypt",
        conflicts_with = "new_passphrase_env"
    )]
    new_passphrase_file: Option<Place>,
}

/// The password of a token (PBES2, RFC 7518 §4.8).
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PasswordOptions {
    /// Ask for the token's password with a hidden prompt
    #[arg(long, help_heading = "Key", group = "key_source")]
    password: bool,
    /// Environment variable that holds the token's password
    #[arg(long, value_name = "NAME", help_heading = "Key", group = "key_source")]
    password_env: Option<String>,
    /// File whose first line is the token's password
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    password_file: Option<Place>,
}

impl PassphraseOptions {
    pub(crate) fn is_stdin(&self) -> bool {
        self.passphrase_file == Some(Place::Stdin)
    }

    /// The passphrase for a key file, asked for if need be; `None` if there is nobody to ask.
    pub(super) fn read(&self, place: &Place) -> Result<Option<Secret>, Failure> {
        let given = given(
            self.passphrase_env.as_deref(),
            self.passphrase_file.as_ref(),
            "passphrase",
        )?;
        match given {
            None if can_ask() => ask(&format!("passphrase of {place} (hidden): ")).map(Some),
            given => Ok(given),
        }
    }
}

impl EncryptOptions {
    /// The new passphrase, if the key is to be encrypted.
    pub(crate) fn read(&self) -> Result<Option<Secret>, Failure> {
        if !self.encrypt {
            return Ok(None);
        }
        let given = given(
            self.new_passphrase_env.as_deref(),
            self.new_passphrase_file.as_ref(),
            "passphrase",
        )?;
        let passphrase = match given {
            Some(given) => given,
            None if can_ask() => ask_twice("passphrase")?,
            None => {
                return Err(
                    Failure::usage("no passphrase was given to encrypt the key with")
                        .hint("use --new-passphrase-env or --new-passphrase-file"),
                );
            }
        };
        if passphrase.is_empty() {
            return Err(Failure::usage("an empty passphrase protects nothing"));
        }
        Ok(Some(passphrase))
    }
}

/// The password that somebody is to have.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct NewPasswordOptions {
    /// Ask for the password with a hidden prompt
    #[arg(long)]
    set_password: bool,
    /// File whose first line is the password; - for the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "set_password")]
    password_file: Option<Place>,
}

impl NewPasswordOptions {
    /// The password, if one of the options was given.
    pub(crate) fn read(&self) -> Result<Option<Secret>, Failure> {
        if self.set_password {
            return ask_twice("password").map(Some);
        }
        given(None, self.password_file.as_ref(), "password")
    }
}

impl PasswordOptions {
    pub(crate) fn is_stdin(&self) -> bool {
        self.password_file == Some(Place::Stdin)
    }

    /// The password, if one of the options was given; `twice` guards against slips.
    pub(crate) fn read(&self, twice: bool) -> Result<Option<Secret>, Failure> {
        let given = given(
            self.password_env.as_deref(),
            self.password_file.as_ref(),
            "password",
        )?;
        let password = match given {
            None if self.password && twice => Some(ask_twice("password")?),
            None if self.password => Some(ask("password (hidden): ")?),
            given => given,
        };
        match password {
            Some(password) if password.is_empty() => Err(Failure::content("the password is empty")),
            password => Ok(password),
        }
    }
}

fn given(
    variable: Option<&str>,
    place: Option<&Place>,
    what: &str,
) -> Result<Option<Secret>, Failure> {
    if let Some(name) = variable {
        return from_environment(name)
            .map(|value| Some(Secret::new(value.to_vec())))
            .map_err(|failure| {
                failure.hint(format!("give the name of the variable, not the {what}"))
            });
    }
    let Some(place) = place else {
        return Ok(None);
    };
    let bytes = Secret::new(place.read(what, SMALL)?);
    let line = bytes.expose().split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Some(Secret::new(line.to_vec())))
}

fn can_ask() -> bool {
    io::stderr().is_terminal()
}

fn ask(prompt: &str) -> Result<Secret, Failure> {
    let hint = "without a terminal, use the option that names a variable or a file";
    from_prompt(prompt, hint).map(|line| Secret::new(line.to_vec()))
}

fn ask_twice(what: &str) -> Result<Secret, Failure> {
    let first = ask(&format!("new {what} (hidden): "))?;
    let second = ask("the same again: ")?;
    if first.expose() != second.expose() {
        return Err(Failure::usage("the two are not the same"));
    }
    Ok(first)
}
