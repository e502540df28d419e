//! Tokens that disclose by choice (SD-JWT, RFC 9901): one file per step of their life.

mod issue;
mod present;
mod verify;

use jeton_inspect::workbench::{KeyInput, Setting};
use jeton_jose::backend::AwsLc;
use jeton_jose::{Algorithm, UnixTime};

use crate::failure::Failure;
use crate::input::{PassphraseOptions, Place, read_keys};
use crate::session::{Answer, Session};

/// Tokens whose holder discloses claims by choice (SD-JWT, RFC 9901)
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Issue(Box<issue::Args>),
    Present(present::Args),
    Verify(Box<verify::Args>),
}

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::Issue(args) => issue::run(args, session),
        Command::Present(args) => present::run(args, session),
        Command::Verify(args) => verify::run(args, session),
    }
}

/// A key file, with the algorithm that it serves here.
fn key_input(
    place: &Place,
    algorithm: Option<Algorithm>,
    passphrase: &PassphraseOptions,
) -> Result<KeyInput, Failure> {
    let mut input = read_keys(place, passphrase)?.into_input(None);
    input.alg = algorithm.map(|algorithm| algorithm.name().to_owned());
    Ok(input)
}

fn setting(now: UnixTime) -> Setting<'static> {
    Setting {
        backend: &AwsLc,
        now,
    }
}
