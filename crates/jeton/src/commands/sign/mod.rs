pub(super) mod claims;
pub(super) mod header;

use clap::ArgGroup;
use jeton_inspect::workbench::tokens::sign::{self, Content, Signer};
use jeton_jose::Algorithm;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::KeyError;

use crate::failure::Failure;
use crate::input::{
    self, LARGE, PassphraseOptions, Place, SecretOptions, Source, algorithm_name, read_keys,
};
use crate::moment::AtOption;
use crate::report::written;
use crate::session::{Answer, Session, print_data, print_json};
use crate::terminal::{print_error, visible};
use header::{Form, HeaderOptions};

/// Sign claims, or any payload
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("key_source").required(true))]
pub(crate) struct Args {
    /// Private key file in any form; several for --form general; - for the standard input
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    key: Vec<Place>,
    #[command(flatten)]
    secret: SecretOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// Algorithm; needed where the key does not say
    #[arg(long, value_parser = algorithm_name, help_heading = "Key")]
    alg: Option<Algorithm>,
    /// Sign under a key that is too weak, which no verifier should accept
    #[arg(long, help_heading = "Key")]
    dangerous_allow_weak: bool,
    #[command(flatten)]
    claims: claims::ClaimOptions,
    /// Sign these bytes as they are instead of claims: @file, - or the text itself
    #[arg(long, value_name = "SOURCE", help_heading = "Payload", conflicts_with_all = claims::CLAIM_OPTIONS)]
    payload: Option<Source>,
    /// Leave the payload out of the token, to travel apart
    #[arg(long, help_heading = "Payload", requires = "payload", conflicts_with_all = claims::CLAIM_OPTIONS)]
    detached: bool,
    /// Sign the payload unencoded (RFC 7797)
    #[arg(
        long,
        visible_alias = "unencoded",
        help_heading = "Payload",
        requires = "payload",
        conflicts_with_all = claims::CLAIM_OPTIONS
    )]
    b64_false: bool,
    /// `typ`; by default JWT for claims, and none for a payload; empty for none
    #[arg(long, value_name = "TYPE", help_heading = "Header")]
    typ: Option<String>,
    #[command(flatten)]
    header: HeaderOptions,
    /// Serialization
    #[arg(long, default_value = "compact")]
    form: Form,
    #[command(flatten)]
    at: AtOption,
}

const EXAMPLES: &str = "\
Examples:
  jeton sign --key private.pem --sub joe --aud api --exp 15m --jti auto
  jeton sign --key key.jwk --claims @claims.json
  jeton sign --key rsa.pem --alg PS256 --typ at+jwt --claim scope='read write'
  jeton sign --secret-env TOKEN_SECRET --alg HS256 --sub joe --claim admin=true
  jeton sign --key key.pem --payload @document.pdf --detached

The token goes to the standard output. `alg` comes from the key or from --alg,
`iat` is now unless you say otherwise, and a claim set by an option replaces
that of --claims. A file given with --claims and no other claim is signed byte
for byte. Weak keys are refused.

Exit codes: 0 signed, 2 usage, configuration or I/O.";

/// Header parameters that have an option of their own.
const OWN_OPTIONS: [(&str, &str); 5] = [
    ("alg", "--alg"),
    ("typ", "--typ"),
    ("kid", "--kid"),
    ("b64", "--b64-false"),
    ("crit", "--b64-false"),
];

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    args.check_stdin()?;
    let now = args.at.resolve(session.now);
    let signers = args.signers()?;
    let payload = match &args.payload {
        Some(source) => source.read("payload", LARGE)?,
        None => args.claims.compose(now)?.into_bytes(),
    };
    let typ = args.typ.as_deref().unwrap_or(match args.payload {
        None => "JWT",
        Some(_) => "",
    });
    let typ = Some(typ).filter(|typ| !typ.is_empty());
    let kid = args.header.kid.as_deref();
    let header = args
        .header
        .compose([("typ", typ), ("kid", kid)], &OWN_OPTIONS)?;
    let content = Content {
        payload: &payload,
        header: &header,
        form: args.form.into(),
        detached: args.detached,
        unencoded: args.b64_false,
        exact: false,
    };
    let signed = sign::sign(&signers, &content, now)?;
    for warning in &signed.warnings {
        let message = visible(&warning.message);
        print_error(&format!("warning: verify refuses this token: {message}\n"));
    }
    if session.json {
        print_json(&written(&signed))?;
    } else {
        print_data(&format!("{}\n", signed.text))?;
    }
    Ok(Answer::Yes)
}

impl Args {
    fn signers(&self) -> Result<Vec<Signer>, Failure> {
        if self.key.len() > 1 && self.form != Form::General {
            return Err(
                Failure::usage("several keys make several signatures").hint("use --form general")
            );
        }
        if let Some(secret) = self.secret.read()? {
            return Ok(vec![self.signer(&secret.jwk, "the secret")?]);
        }
        self.key
            .iter()
            .map(|place| {
                let jwk =
                    read_keys(place, &self.passphrase)?.into_one(self.header.kid.as_deref())?;
                self.signer(&jwk, &format!("the key from {place}"))
            })
            .collect()
    }

    fn signer(&self, jwk: &Jwk, what: &str) -> Result<Signer, Failure> {
        Signer::new(jwk, self.alg, self.dangerous_allow_weak, &AwsLc).map_err(|error| {
            let failure = sign::refused(what, &error);
            match error {
                KeyError::AlgorithmAmbiguous { candidates } => {
                    failure.hint(format!("name one with --alg: {candidates}"))
                }
                _ => failure,
            }
        })
    }

    fn check_stdin(&self) -> Result<(), Failure> {
        let keys = self
            .key
            .iter()
            .filter(|place| **place == Place::Stdin)
            .map(|_| true);
        let mut users: Vec<bool> = keys.collect();
        users.push(self.secret.is_stdin());
        users.push(self.passphrase.is_stdin());
        users.push(self.claims.claims.as_ref().is_some_and(Source::is_stdin));
        users.push(self.payload.as_ref().is_some_and(Source::is_stdin));
        input::one_stdin(&users)
    }
}
