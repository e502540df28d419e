use core::time::Duration;

use jeton_inspect::workbench::tokens::sd::verify::{self, Verify};
use jeton_jose::key::KeyForm;
use jeton_jose::sd_jwt::KeyBindingRules;

use super::setting;
use crate::commands::verify::rules::RuleOptions;
use crate::failure::Failure;
use crate::input::{self, PassphraseOptions, Place, Source, read_keys, read_token};
use crate::moment::{AtOption, duration_of};
use crate::render;
use crate::report::written;
use crate::session::{Answer, Session, print_json, print_page};

/// Check what a holder presents: signature, disclosures, claims and proof
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The SD-JWT as it was presented: itself, - for the standard input, or @file
    token: Option<Source>,
    /// The issuer's key file in any form: JWK, JWK Set, PEM or DER; - for the standard input
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Key",
        visible_alias = "jwks"
    )]
    key: Place,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    #[command(flatten)]
    rules: RuleOptions,
    /// Ask for the holder's proof, made for this verifier
    #[arg(
        long,
        value_name = "AUDIENCE",
        help_heading = "Key binding",
        requires = "kb_nonce"
    )]
    kb_aud: Option<String>,
    /// Ask for the holder's proof, made with this nonce
    #[arg(
        long,
        value_name = "NONCE",
        help_heading = "Key binding",
        requires = "kb_aud"
    )]
    kb_nonce: Option<String>,
    /// Longest time since the proof was made: 5m
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration_of,
        help_heading = "Key binding",
        requires = "kb_aud",
        default_value = "5m"
    )]
    kb_max_age: Duration,
    #[command(flatten)]
    at: AtOption,
}

const EXAMPLES: &str = "\
Examples:
  jeton sd verify @presented.txt --key issuer.pem --iss https://issuer.example
  jeton sd verify @token.txt --key keys.json --kb-aud verifier --kb-nonce n1
  jeton sd verify @presented.txt --key issuer.pem --require email --json

What is checked: the issuer's signature under the key you give; that each
disclosure belongs to the token; every rule you name, over the claims as they
are disclosed; and with --kb-aud and --kb-nonce that the holder signed this
very presentation. Without them a proof that is there is not looked at, and
whoever copied the token could be presenting it.

A weak key is refused.

With --json: {verdict, provenance, code, message, hint, header, claims, key,
disclosed, undisclosed, key_binding}. Claims are what the token says once
disclosures are in their place, whatever the verdict.

Exit codes: 0 valid, 1 not valid, 2 usage, configuration or I/O.";

pub(super) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    input::one_stdin(&[
        args.token.as_ref().is_none_or(Source::is_stdin),
        args.key == Place::Stdin,
        args.passphrase.is_stdin(),
        args.rules.is_stdin(),
    ])?;
    let now = args.at.resolve(session.now);
    let session = &session.at(now);
    let policy = args.rules.policy()?;
    let file = read_keys(&args.key, &args.passphrase)?;
    let key_binding = match (&args.kb_aud, &args.kb_nonce) {
        (Some(audience), Some(nonce)) => Some(KeyBindingRules {
            max_age: args.kb_max_age,
            leeway: policy.leeway,
            ..KeyBindingRules::new(audience, nonce)
        }),
        _ => None,
    };
    let token = read_token(args.token.as_ref())?;
    let asked = Verify {
        token: &token,
        keys: &file.keys,
        picked: file.form != KeyForm::JwkSet,
        policy,
        key_binding,
    };
    let verdict = verify::verify(asked, &setting(now))?;
    if session.json {
        print_json(&written(&verdict))?;
    } else {
        print_page(render::sd_verdict(&verdict, session))?;
    }
    Ok(match verdict.code {
        None => Answer::Yes,
        Some(_) => Answer::No,
    })
}
