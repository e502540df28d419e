use core::time::Duration;

use clap::ArgGroup;
use jeton_inspect::workbench::tokens::decrypt::{self, Request, Verdict};
use jeton_inspect::workbench::{KeyInput, PolicyInput, Setting, Span};
use jeton_jose::alg::KeyManagementFamily;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwt::policy::Preset;
use jeton_jose::{KeyManagement, json};

use crate::failure::Failure;
use crate::input::{
    self, PassphraseOptions, PasswordOptions, Place, SMALL, SecretOptions, Source, read_keys,
    read_token,
};
use crate::moment::{AtOption, duration_of};
use crate::render;
use crate::session::{Answer, Session, print_json, print_page, written};
use crate::terminal;

/// Decrypt a token, and verify the one inside
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("key_source").required(true))]
pub(crate) struct Args {
    /// The token in any form: itself, - for the standard input, or @file
    token: Option<Source>,
    /// Private key file in any form; of a set, the token's `kid` chooses; - for the standard input
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    key: Option<Place>,
    #[command(flatten)]
    secret: SecretOptions,
    #[command(flatten)]
    password: PasswordOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// The key of a set to take, by its `kid`
    #[arg(long, value_name = "ID", help_heading = "Key", requires = "key")]
    kid: Option<String>,
    /// Key management algorithms to accept, separated by commas; by default all but PBES2, and with
    /// a password only those
    #[arg(
        long,
        value_name = "ALG",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    alg: Vec<String>,
    /// Content encryptions to accept, separated by commas; by default all
    #[arg(
        long,
        value_name = "ENC",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    enc: Vec<String>,
    /// Most iterations of PBES2; by default 1200000
    #[arg(long, value_name = "NUMBER", help_heading = "Rules")]
    max_iterations: Option<u32>,
    /// Most bytes that a compressed content may inflate to; by default 250000
    #[arg(long, value_name = "BYTES", help_heading = "Rules")]
    max_inflated: Option<usize>,
    /// Verify the signed token inside with this key, or this JWK Set
    #[arg(
        long,
        value_name = "FILE",
        visible_alias = "jwks",
        help_heading = "Token inside"
    )]
    verify_key: Option<Place>,
    /// Policy file (TOML or JSON) or preset for the token inside
    #[arg(
        long,
        value_name = "FILE|PRESET",
        help_heading = "Token inside",
        requires = "verify_key"
    )]
    policy: Option<String>,
    /// Expected issuer; one of several if given again
    #[arg(
        long,
        value_name = "ISSUER",
        help_heading = "Token inside",
        requires = "verify_key"
    )]
    iss: Vec<String>,
    /// Expected audience; one of several if given again
    #[arg(
        long,
        value_name = "AUDIENCE",
        help_heading = "Token inside",
        requires = "verify_key"
    )]
    aud: Vec<String>,
    /// How far clocks may differ: 30s
    #[arg(long, value_name = "DURATION", value_parser = duration_of, help_heading = "Token inside")]
    leeway: Option<Duration>,
    #[command(flatten)]
    at: AtOption,
    /// Explain the token and what is in it, instead of writing the content alone
    #[arg(long)]
    explain: bool,
    /// Do not look for what keeps it from being decrypted
    #[arg(long)]
    no_doctor: bool,
}

const EXAMPLES: &str = "\
Examples:
  jeton decrypt @document.jwe --key private.pem > document.pdf
  jeton decrypt @token.jwe --key private.pem --verify-key issuer.pem --aud api
  jeton decrypt @token.jwe --key keys.jwks --jwks issuer.jwks --policy id-token
  jeton decrypt @token.jwe --secret-env SHARED_KEY --alg dir
  jeton decrypt @notes.jwe --password
  jeton decrypt @token.jwe --key private.pem --explain

The content goes to the standard output as it is; with --verify-key, the claims
of the token inside, if it is valid. That a token decrypts says nothing about
who wrote it: anybody has the public key.

RSA1_5 is refused. Passwords cost whoever decrypts, so PBES2 is accepted only
with a password or where --alg names it. Where nothing decrypts, the doctor says
at which step it ends; that is for you, who hold the key, and not for senders.

With --json: {verdict, code, message, hint, header, algorithm, encryption,
plaintext or plaintext_base64url, claims, checks, inspection, doctor}; the last
where they apply. `verdict` is decrypted, valid or invalid, and `inspection` has
the token as a tree, with those inside it.

Exit codes: 0 decrypted, and valid if that was asked; 1 not; 2 usage,
configuration or I/O.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    args.check_stdin()?;
    let session = &session.at(args.at.resolve(session.now));
    let setting = Setting {
        backend: &AwsLc,
        now: session.now,
    };
    let answer = decrypt::answer(&args.request()?, &setting)?;
    if session.json {
        let json = json::to_string(&answer).map_err(|error| Failure::content(error.to_string()))?;
        print_json(&json)?;
    } else if args.explain {
        let valid = answer.verdict == Verdict::Valid;
        print_page(render::inspection(&answer.inspection, valid, session))?;
        terminal::print_error(&render::beside_content(&answer, true));
    } else {
        match answer.verdict {
            Verdict::Invalid => {}
            Verdict::Valid => {
                let claims = answer.claims.as_ref().map_or("", json::RawJson::text);
                written(terminal::print_bytes(format!("{claims}\n").as_bytes()))?;
            }
            Verdict::Decrypted => {
                let content = answer
                    .content
                    .as_ref()
                    .map_or(&[][..], |content| content.expose());
                written(terminal::print_bytes(content))?;
                if terminal::stdout_is_terminal() && !content.ends_with(b"\n") {
                    written(terminal::print_bytes(b"\n"))?;
                }
            }
        }
        terminal::print_error(&render::beside_content(&answer, false));
    }
    Ok(match answer.verdict {
        Verdict::Invalid => Answer::No,
        Verdict::Decrypted | Verdict::Valid => Answer::Yes,
    })
}

impl Args {
    fn request(&self) -> Result<Request, Failure> {
        let mut alg = self.alg.clone();
        let key = if let Some(secret) = self.secret.read()? {
            KeyInput::from_secret(secret.secret).named("the secret")
        } else if let Some(password) = self.password.read(false)? {
            if alg.is_empty() {
                alg = password_algorithms();
            }
            KeyInput::from_secret(password).named("the password")
        } else {
            let place = self.key.as_ref();
            let place = place.ok_or_else(|| Failure::usage("no key was given"))?;
            read_keys(place, &self.passphrase)?.into_input(self.kid.clone())
        };
        let verify_key = match &self.verify_key {
            Some(place) => Some(read_keys(place, &self.passphrase)?.into_input(None)),
            None => None,
        };
        Ok(Request {
            token: read_token(self.token.as_ref())?,
            key,
            alg,
            enc: self.enc.clone(),
            verify_key,
            policy: self.policy.as_deref().map(policy).transpose()?,
            iss: self.iss.clone(),
            aud: self.aud.clone(),
            leeway: self.leeway.map(Span),
            max_iterations: self.max_iterations,
            max_inflated: self.max_inflated,
            diagnose: !self.no_doctor,
            ..Request::default()
        })
    }

    fn check_stdin(&self) -> Result<(), Failure> {
        input::one_stdin(&[
            self.token.as_ref().is_none_or(Source::is_stdin),
            self.key == Some(Place::Stdin),
            self.verify_key == Some(Place::Stdin),
            self.policy.as_deref() == Some("-"),
            self.secret.is_stdin(),
            self.password.is_stdin(),
            self.passphrase.is_stdin(),
        ])
    }
}

fn password_algorithms() -> Vec<String> {
    let all = KeyManagement::ALL.iter();
    all.filter(|algorithm| algorithm.row().family == KeyManagementFamily::Pbes2)
        .map(|algorithm| algorithm.name().to_owned())
        .collect()
}

fn policy(name: &str) -> Result<PolicyInput, Failure> {
    if name.parse::<Preset>().is_ok() {
        return Ok(PolicyInput::from_text(name));
    }
    let Ok(place) = name.parse::<Place>();
    place.read_text("policy", SMALL).map(PolicyInput::from_text)
}
