//! The command line: one subcommand per file in `commands`.

use clap::{ColorChoice, Parser, Subcommand};

use crate::commands::{completions, decode, jwks, key, man, policy, sign, verify};
use crate::failure::Failure;
use crate::session::{Answer, Session};

/// The workshop for JSON Web Tokens: decode, verify, sign, and keys for it
#[derive(Debug, Parser)]
#[command(name = "jeton", version, propagate_version = true, max_term_width = 100, after_long_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Answer with one JSON object on the standard output, errors included
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
}

const AFTER: &str = "\
Exit codes:
  0  yes: decoded, valid, done
  1  no: the token is malformed or not valid
  2  no answer: usage, configuration, or a file that cannot be read

Data goes to the standard output, everything else to the standard error. Where a token, claims or a
payload are expected, - is the standard input and @file a file. No secret is ever an argument.";

#[derive(Debug, Subcommand)]
enum Command {
    Decode(decode::Args),
    Verify(Box<verify::Args>),
    Sign(Box<sign::Args>),
    #[command(subcommand)]
    Key(key::Command),
    #[command(subcommand)]
    Jwks(jwks::Command),
    #[command(subcommand)]
    Policy(policy::Command),
    Completions(completions::Args),
    Man(man::Args),
}

impl Cli {
    pub(crate) fn run(self, session: Session) -> Result<Answer, Failure> {
        match self.command {
            Command::Decode(args) => decode::run(&args, session),
            Command::Verify(args) => verify::run(&args, session),
            Command::Sign(args) => sign::run(&args, session),
            Command::Key(command) => key::run(&command, &session),
            Command::Jwks(command) => jwks::run(&command, &session),
            Command::Policy(command) => policy::run(&command, &session),
            Command::Completions(args) => completions::run(&args, &session),
            Command::Man(args) => man::run(&args, &session),
        }
    }
}
