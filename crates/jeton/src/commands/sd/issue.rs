use core::str::FromStr;

use jeton_inspect::workbench::tokens::sd::issue::{self, Request};
use jeton_jose::Algorithm;

use super::{key_input, setting};
use crate::commands::sign::claims::ClaimOptions;
use crate::failure::Failure;
use crate::input::{self, PassphraseOptions, Place, Source, algorithm_name};
use crate::moment::AtOption;
use crate::report::written;
use crate::session::{Answer, Session, print_data, print_json};

/// Sign claims, some of which the holder may keep back
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The issuer's private key file in any form; - for the standard input
    #[arg(long, value_name = "FILE", help_heading = "Key")]
    key: Place,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// Algorithm; needed where the key does not say
    #[arg(long, value_parser = algorithm_name, help_heading = "Key")]
    alg: Option<Algorithm>,
    #[command(flatten)]
    claims: ClaimOptions,
    /// What the holder may keep back, once for each: the name of an outermost claim, or a JSON
    /// pointer to a claim or element
    #[arg(
        long,
        value_name = "NAME|POINTER",
        help_heading = "Selective disclosure"
    )]
    disclosable: Vec<String>,
    /// Digests that stand for nothing, so that nobody counts the claims: 3, or /address=2
    #[arg(
        long,
        value_name = "[POINTER=]COUNT",
        help_heading = "Selective disclosure"
    )]
    decoys: Vec<Decoys>,
    /// The holder's key file, either half; its public half goes into `cnf`
    #[arg(long, value_name = "FILE", help_heading = "Selective disclosure")]
    holder: Option<Place>,
    /// The hash of the digests: sha-256, sha-384, sha-512
    #[arg(
        long,
        value_name = "HASH",
        default_value = "sha-256",
        help_heading = "Selective disclosure"
    )]
    hash: String,
    /// `typ`; say what the token is: example+sd-jwt
    #[arg(long, value_name = "TYPE", help_heading = "Header")]
    typ: Option<String>,
    /// `kid`; by default that of the key
    #[arg(long, value_name = "ID", help_heading = "Header")]
    kid: Option<String>,
    #[command(flatten)]
    at: AtOption,
}

/// A count, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decoys(issue::Decoys);

impl FromStr for Decoys {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (at, count) = text.rsplit_once('=').unwrap_or(("", text));
        let count = count
            .parse()
            .map_err(|_| "expected a number, or POINTER=NUMBER".to_owned())?;
        let at = at.to_owned();
        Ok(Self(issue::Decoys { at, count }))
    }
}

const EXAMPLES: &str = "\
Examples:
  jeton sd issue --key my.jwk --claims @all.json --disclosable /address/street
  jeton sd issue --key my.jwk --claims @all.json --disclosable email --decoys 3
  jeton sd issue --key my.jwk --claims @all.json --holder holder.jwk

The SD-JWT goes to the standard output; it holds every disclosure and is for
the holder alone. What is not named stays visible to everybody, and `iss`,
`aud`, `exp`, `nbf` and `cnf` always do: a holder must not be able to hide what
decides whether the token is valid. A claim inside one that is disclosable may
be disclosable too.

With --json: {token, payload, disclosures, decoys}.

Exit codes: 0 signed, 2 usage, configuration or I/O.";

pub(super) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    input::one_stdin(&[
        args.key == Place::Stdin,
        args.holder == Some(Place::Stdin),
        args.passphrase.is_stdin(),
        args.claims.claims.as_ref().is_some_and(Source::is_stdin),
    ])?;
    let now = args.at.resolve(session.now);
    let decoys = args.decoys.iter().map(|decoys| decoys.0.clone());
    let mut key = key_input(&args.key, args.alg, &args.passphrase)?;
    key.kid.clone_from(&args.kid);
    let request = Request {
        claims: args.claims.compose(now)?,
        disclosable: args.disclosable.clone(),
        decoys: decoys.collect(),
        key,
        typ: args.typ.clone(),
        kid: args.kid.clone(),
        hash: Some(args.hash.clone()),
        holder: args
            .holder
            .as_ref()
            .map(|place| key_input(place, None, &args.passphrase))
            .transpose()?,
    };
    let issued = issue::answer(&request, &setting(now))?;
    if session.json {
        print_json(&written(&issued))?;
    } else {
        print_data(&format!("{}\n", issued.token))?;
    }
    Ok(Answer::Yes)
}
