mod convert;
mod generate;
mod inspect;
mod output;

use crate::failure::Failure;
use crate::input::{KeyFile, PassphraseOptions, Place, one_stdin, read_keys};
use crate::session::{Answer, Session};

/// Make, convert and inspect keys
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Generate(generate::Args),
    Convert(convert::Args),
    Public(convert::Public),
    Thumbprint(inspect::Thumbprint),
    Inspect(inspect::Args),
}

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::Generate(args) => generate::run(args, session),
        Command::Convert(args) => convert::run(args, session),
        Command::Public(args) => convert::public(args, session),
        Command::Thumbprint(args) => inspect::thumbprint(args, session),
        Command::Inspect(args) => inspect::run(args, session),
    }
}

/// A key file as commands on keys name it.
#[derive(Debug, clap::Args)]
struct KeyArgument {
    /// Key file in any form: JWK, JWK Set, PEM or DER; - for the standard input
    #[arg(value_name = "KEY")]
    file: Place,
    /// The key of a set to take, by its `kid`
    #[arg(long, value_name = "ID")]
    kid: Option<String>,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

impl KeyArgument {
    fn open(&self) -> Result<KeyFile, Failure> {
        one_stdin(&[self.file == Place::Stdin, self.passphrase.is_stdin()])?;
        read_keys(&self.file, &self.passphrase)
    }

    fn read(&self) -> Result<jeton_jose::jwk::Jwk, Failure> {
        self.open()?.into_one(self.kid.as_deref())
    }
}
