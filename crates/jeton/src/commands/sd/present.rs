use jeton_inspect::workbench::tokens::sd::present::{self, Request};
use jeton_jose::Algorithm;

use super::{key_input, setting};
use crate::failure::Failure;
use crate::input::{self, PassphraseOptions, Place, Source, algorithm_name, read_token};
use crate::moment::AtOption;
use crate::report::written;
use crate::session::{Answer, Session, print_data, print_json};
use crate::terminal::print_error;

/// Choose what a verifier shall see, and prove to be the holder
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The SD-JWT as it was issued: itself, - for the standard input, or @file
    token: Option<Source>,
    /// A claim or element to disclose: its name, or a JSON pointer
    #[arg(long, value_name = "NAME|POINTER", conflicts_with = "all")]
    disclose: Vec<String>,
    /// Disclose everything
    #[arg(long)]
    all: bool,
    /// The holder's private key file: that of `cnf`; - for the standard input
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Key binding",
        requires_all = ["kb_aud", "kb_nonce"]
    )]
    key: Option<Place>,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// Algorithm; needed where the key does not say
    #[arg(long, value_parser = algorithm_name, help_heading = "Key binding", requires = "key")]
    alg: Option<Algorithm>,
    /// The verifier for whom the proof is
    #[arg(
        long,
        value_name = "AUDIENCE",
        help_heading = "Key binding",
        requires = "key"
    )]
    kb_aud: Option<String>,
    /// What the verifier gave for this presentation
    #[arg(
        long,
        value_name = "NONCE",
        help_heading = "Key binding",
        requires = "key"
    )]
    kb_nonce: Option<String>,
    #[command(flatten)]
    at: AtOption,
}

const EXAMPLES: &str = "\
Examples:
  jeton sd present @issued.txt --disclose email --disclose /address/street
  jeton sd present @issued.txt --key holder.jwk --kb-aud verifier --kb-nonce n1
  jeton sd present @issued.txt
  jeton sd present @issued.txt --all --json

What is not named is kept back; with no --disclose that is everything. A claim
inside a hidden one brings that one along, without its other hidden parts.
`jeton decode` lists what there is. A key-binding JWT that is there already is
left out, for it covers another choice.

With --json: {token, disclosed, withheld, key_binding, warnings}.

Exit codes: 0 done, 2 usage, configuration or I/O.";

pub(super) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    input::one_stdin(&[
        args.token.as_ref().is_none_or(Source::is_stdin),
        args.key == Some(Place::Stdin),
        args.passphrase.is_stdin(),
    ])?;
    let key = args
        .key
        .as_ref()
        .map(|place| key_input(place, args.alg, &args.passphrase));
    let request = Request {
        token: read_token(args.token.as_ref())?,
        disclose: args.disclose.clone(),
        all: args.all,
        key: key.transpose()?,
        aud: args.kb_aud.clone(),
        nonce: args.kb_nonce.clone(),
        at: None,
    };
    let presented = present::answer(&request, &setting(args.at.resolve(session.now)))?;
    if session.json {
        print_json(&written(&presented))?;
    } else {
        for warning in &presented.warnings {
            print_error(&format!("note: {warning}\n"));
        }
        print_data(&format!("{}\n", presented.token))?;
    }
    Ok(Answer::Yes)
}
