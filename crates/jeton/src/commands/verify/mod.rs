mod beside;
mod explain;
pub(super) mod rules;

use clap::ArgGroup;
use jeton_inspect::verdict::{Scope, Verdict};
use jeton_inspect::workbench::tokens::anchored;
use jeton_inspect::workbench::tokens::verify::{Examined, Rules, Verifier};
use jeton_inspect::workbench::{KeyInput, Setting};
use jeton_jose::Code;
use jeton_jose::Secret;
use jeton_jose::backend::AwsLc;
use jeton_jose::key::KeyForm;

use super::batch;
use crate::failure::Failure;
use crate::input::{
    self, LARGE, PassphraseOptions, Place, SMALL, SecretOptions, Source, parse_keys, read_token,
};
use crate::moment::AtOption;
use crate::render;
use crate::report::written;
use crate::session::{Answer, Session, print_json, print_page};

/// Check a token's signature and claims
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("key_source").required(true))]
pub(crate) struct Args {
    /// The token: itself, - for the standard input, or @file
    ///
    /// `Bearer` and white space around it are dropped.
    token: Option<Source>,
    /// Key file in any form: JWK, JWK Set, PEM or DER; - for the standard input
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    key: Option<Place>,
    /// JWK Set; the token's `kid` chooses among its keys
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    jwks: Option<Place>,
    /// Certificates to trust (PEM or DER): the token's own (`x5c`), or a chain, has to lead to one
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Key",
        group = "key_source",
        conflicts_with = "batch"
    )]
    trust_anchor: Option<Place>,
    #[command(flatten)]
    secret: SecretOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// Refuse weak keys instead of warning about them
    #[arg(long, help_heading = "Key")]
    strict: bool,
    #[command(flatten)]
    rules: rules::RuleOptions,
    /// Check the signature alone, over any payload, of any JWS (compact or JSON)
    #[arg(long, help_heading = "Signature only", conflicts_with_all = rules::CLAIM_OPTIONS)]
    jws: bool,
    /// One good signature of several is enough (the default)
    #[arg(
        long,
        help_heading = "Signature only",
        requires = "jws",
        conflicts_with = "all"
    )]
    any: bool,
    /// Each of several signatures must be good
    #[arg(long, help_heading = "Signature only", requires = "jws")]
    all: bool,
    /// The payload of a detached signature: @file, - or the text itself
    #[arg(
        long,
        value_name = "SOURCE",
        help_heading = "Signature only",
        requires = "jws"
    )]
    payload: Option<Source>,
    #[command(flatten)]
    at: AtOption,
    /// Read many tokens, one a line, and answer each with one line of JSON
    ///
    /// A line is a token, a JSON string, or a JSON object with the member `token`.
    #[arg(long)]
    batch: bool,
    #[command(flatten)]
    beside: beside::BesideOptions,
    #[command(flatten)]
    explaining: explain::Options,
}

const EXAMPLES: &str = "\
Examples:
  jeton verify eyJhbGciOi... --key issuer.pem --iss https://id.example --aud api
  jeton verify @token.txt --jwks keys.json --policy access-token --aud api
  jeton verify @token.txt --secret-env TOKEN_SECRET --require sub,exp
  jeton verify @token.txt --key key.pem --at 2026-01-31T12:00:00Z
  jeton verify @token.txt --trust-anchor authority.pem --aud api
  jeton verify @document.jws --jws --key key.pem --payload @document.pdf
  jeton verify @id.jwt --jwks keys.json --access-token @access.jwt --nonce n-0S6
  jeton verify --batch @tokens.txt --jwks keys.json --json > verdicts.ndjson

What is checked: the form, the signature under the key you give, `exp` and
`nbf` where present, the types of registered claims, and every rule you name.
What is not: issuer and audience unless you name them, whether the token was
revoked, and whether the key is the issuer's.

A key serves the algorithms of its kind, or its own `alg`; the token's header
never decides. Under a weak key a token is verified, and the verdict says so;
--strict refuses it.

With --trust-anchor the key is that of the token's certificate (`x5c`), trusted
only if it is one of yours or its chain leads to one, each certificate valid at
that time. Whether one was revoked is not known. What else the authority has
certified could sign too: name the issuer, and trust no authority of the web.

The checks that failed are listed with the value wanted and the value seen,
--checks lists all. Where the signature does not match, the doctor tries what
would make it match and says so; the verdict stays what it is.

An access token, code, state, nonce, client, DPoP proof or certificate that you
give beside the token has to belong to it; where one does not, the answer is no.

With --json: {verdict, code, message, hint, header, claims, key, findings,
provenance, checks, doctor, cross_checks}; the last four where they apply.
Header and claims are what the token says, whatever the verdict. Errors are
{error: {code, message, causes, hint}}.

Exit codes: 0 valid, 1 not valid, 2 usage, configuration or I/O.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    args.check_stdin()?;
    let now = args.at.resolve(session.now);
    let session = &session.at(now);
    let rules = Rules {
        policy: args.rules.policy()?,
        allowed: args.rules.named_algorithms(),
        scope: args.scope()?,
        strict: args.strict,
        beside: args.beside.read()?,
        now,
    };
    let setting = Setting {
        backend: &AwsLc,
        now,
    };
    if let Some(place) = &args.trust_anchor {
        let anchors = place.read("trust anchor", SMALL)?;
        let token = read_token(args.token.as_ref())?;
        let detail = args.explaining.of_one();
        let examined = anchored::verify(&token, &anchors, rules, detail, &setting)?;
        return answered(&examined, args, session);
    }
    let verifier = Verifier::new(Some(&args.key()?), rules, &setting)?;
    if args.batch {
        return batch::run(args.token.as_ref(), |token, line| {
            batch::Item::new(line, &verifier.verify(token, args.explaining.of_batch()))
        });
    }
    let token = read_token(args.token.as_ref())?;
    let examined = verifier.verify(&token, args.explaining.of_one());
    answered(&examined, args, session)
}

fn answered(examined: &Examined, args: &Args, session: &Session) -> Result<Answer, Failure> {
    if session.json {
        print_json(&written(examined))?;
    } else {
        print_page(render::examined(examined, args.explaining.checks, session))?;
    }
    Ok(if examined.report.verdict == Verdict::Valid {
        Answer::Yes
    } else {
        Answer::No
    })
}

impl Args {
    fn scope(&self) -> Result<Scope, Failure> {
        if !self.jws {
            return Ok(Scope::Claims);
        }
        let payload = self.payload.as_ref();
        let detached = payload.map(|source| source.read("payload", LARGE));
        Ok(Scope::Signature {
            all: self.all,
            detached: detached.transpose()?,
        })
    }

    fn key(&self) -> Result<KeyInput, Failure> {
        if let Some(secret) = self.secret.read()? {
            return Ok(KeyInput::from_secret(secret.secret).named("the secret"));
        }
        let place = self.key.as_ref().or(self.jwks.as_ref());
        let place = place.ok_or_else(|| Failure::usage("no key was given"))?;
        let bytes = Secret::new(place.read("key", SMALL)?);
        match parse_keys(place, bytes.clone(), &self.passphrase) {
            Ok(file) if self.jwks.is_some() && file.form != KeyForm::JwkSet => {
                let message = format!("{place} is no JWK Set ({})", file.form);
                Err(Failure::usage(message).hint("give a single key with --key"))
            }
            Ok(file) => Ok(file.into_input(None)),
            Err(failure) if failure.is(Code::KeyEncrypted) || failure.is(Code::PassphraseWrong) => {
                Err(failure)
            }
            Err(failure) if Code::ALL.iter().all(|code| !failure.is(*code)) => Err(failure),
            // A damaged key is for the doctor to look at.
            Err(_) => Ok(KeyInput::from_file(bytes).named(format!("the key from {place}"))),
        }
    }

    fn check_stdin(&self) -> Result<(), Failure> {
        let token = self.token.as_ref().is_none_or(Source::is_stdin);
        let mut users = vec![
            token,
            self.key == Some(Place::Stdin),
            self.jwks == Some(Place::Stdin),
            self.trust_anchor == Some(Place::Stdin),
            self.secret.is_stdin(),
            self.passphrase.is_stdin(),
            self.rules.is_stdin(),
            self.payload.as_ref().is_some_and(Source::is_stdin),
        ];
        users.extend(self.beside.stdin_users());
        input::one_stdin(&users)
    }
}
