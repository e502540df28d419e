mod claims;
mod header;

use clap::ArgGroup;
use jeton_jose::alg::Curve;
use jeton_jose::backend::AwsLc;
use jeton_jose::json::{Document, Options, Value};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::{HeaderBuilder, SignError, compact, flattened, general};
use jeton_jose::key::{KeyError, SigningKey, check_strength};
use jeton_jose::{Algorithm, UnixTime};

use crate::failure::Failure;
use crate::input::{self, LARGE, Place, SecretOptions, Source, algorithm_name, read_keys};
use crate::json_text::{Object, string};
use crate::moment::Moment;
use crate::session::{Answer, Session, print_data, print_json};
use crate::terminal::{print_error, visible};
use jeton_inspect::workbench::weak;

/// Sign claims, or any payload
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("key_source").required(true))]
pub(crate) struct Args {
    /// Private key file in any form; several for --form general; - for the standard input
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    key: Vec<Place>,
    #[command(flatten)]
    secret: SecretOptions,
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
    #[arg(long, help_heading = "Payload", requires = "payload")]
    detached: bool,
    /// Sign the payload unencoded (RFC 7797)
    #[arg(
        long,
        visible_alias = "unencoded",
        help_heading = "Payload",
        requires = "payload"
    )]
    b64_false: bool,
    /// `typ`; by default JWT for claims, and none for a payload; empty for none
    #[arg(long, value_name = "TYPE", help_heading = "Header")]
    typ: Option<String>,
    /// `kid`; by default that of the key
    #[arg(long, value_name = "ID", help_heading = "Header")]
    kid: Option<String>,
    /// A header parameter; the value is JSON if it reads as JSON, and a string otherwise
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Header")]
    header: Vec<claims::Pair>,
    /// Serialization
    #[arg(long, default_value = "compact")]
    form: Form,
    /// Take this as the present time: RFC 3339, seconds since 1970, +1h, -2d
    #[arg(
        long,
        value_name = "TIME",
        default_value = "now",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    at: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Compact,
    Flattened,
    General,
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

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    args.check_stdin()?;
    let now = args.at.resolve(session.now);
    let keys = args.keys()?;
    let payload = match &args.payload {
        Some(source) => source.read("payload", LARGE)?,
        None => args.claims.compose(now)?.into_bytes(),
    };
    if args.payload.is_none() {
        warn_expired(&payload, now);
    }
    let header = args.header()?;
    let token = args
        .sign(&keys, &header, &payload)
        .map_err(|error| sign_failure(&error))?;
    if session.json {
        let mut object = Object::new();
        object.raw(
            "token",
            &if args.form == Form::Compact {
                string(&token)
            } else {
                token
            },
        );
        print_json(&object.finish())?;
    } else {
        print_data(&format!("{token}\n"))?;
    }
    Ok(Answer::Yes)
}

impl Args {
    fn keys(&self) -> Result<Vec<SigningKey>, Failure> {
        if self.key.len() > 1 && self.form != Form::General {
            return Err(
                Failure::usage("several keys make several signatures").hint("use --form general")
            );
        }
        if self.detached && self.form != Form::Compact {
            return Err(Failure::usage("a detached payload needs the compact form"));
        }
        if let Some(secret) = self.secret.read()? {
            return Ok(vec![self.signing_key(&secret.jwk, "the secret")?]);
        }
        self.key
            .iter()
            .map(|place| {
                let jwk = read_keys(place)?.into_one(self.kid.as_deref())?;
                self.signing_key(&jwk, &format!("the key from {place}"))
            })
            .collect()
    }

    fn signing_key(&self, jwk: &Jwk, what: &str) -> Result<SigningKey, Failure> {
        let failure = |error: KeyError| match error {
            KeyError::AlgorithmAmbiguous { candidates } => {
                Failure::key(what, &error).hint(format!("name one with --alg: {candidates}"))
            }
            error => Failure::key(what, &error),
        };
        let algorithm = match (self.alg, jwk.material().curve()) {
            (Some(algorithm), _) => algorithm,
            // Of the two names of the same signature, the fully specified one (RFC 9864).
            (None, Some(Curve::Ed25519)) if jwk.algorithm_name().is_none() => Algorithm::Ed25519,
            (None, _) => jwk.only_algorithm().map_err(failure)?,
        };
        if !self.dangerous_allow_weak {
            // Before the backend is asked, which may not even take such a key.
            check_strength(algorithm, jwk.material())
                .map_err(|weakness| failure(KeyError::Weak(weakness)))?;
            return SigningKey::new(jwk, algorithm, &AwsLc).map_err(failure);
        }
        let key = SigningKey::dangerous_allow_weak(jwk, algorithm, &AwsLc).map_err(failure)?;
        if let Some(weakness) = key.weakness() {
            print_error(&format!("warning: weak key: {}\n", weak(weakness)));
        }
        Ok(key)
    }

    fn header(&self) -> Result<HeaderBuilder, Failure> {
        let mut header = HeaderBuilder::new();
        let default = if self.payload.is_none() { "JWT" } else { "" };
        let typ = self.typ.as_deref().unwrap_or(default);
        if !typ.is_empty() {
            header = header.typ(typ);
        }
        if let Some(key_id) = &self.kid {
            header = header.key_id(key_id);
        }
        header = header::with_parameters(header, &self.header)?;
        Ok(if self.b64_false {
            header.unencoded_payload()
        } else {
            header
        })
    }

    fn sign(
        &self,
        keys: &[SigningKey],
        header: &HeaderBuilder,
        payload: &[u8],
    ) -> Result<String, SignError> {
        let signers: Vec<_> = keys.iter().map(|key| (key, header)).collect();
        match (self.form, keys) {
            (Form::Compact, [key]) if self.detached => compact::sign_detached(key, header, payload),
            (Form::Compact, [key]) => compact::sign(key, header, payload),
            (Form::Flattened, [key]) => flattened::sign(key, header, payload),
            _ => general::sign(&signers, payload),
        }
    }

    fn check_stdin(&self) -> Result<(), Failure> {
        let keys = self
            .key
            .iter()
            .filter(|place| **place == Place::Stdin)
            .map(|_| true);
        let mut users: Vec<bool> = keys.collect();
        users.push(self.secret.is_stdin());
        users.push(self.claims.claims.as_ref().is_some_and(Source::is_stdin));
        users.push(self.payload.as_ref().is_some_and(Source::is_stdin));
        input::one_stdin(&users)
    }
}

fn sign_failure(error: &SignError) -> Failure {
    let failure = Failure::coded(error.code(), "nothing was signed").cause(error.to_string());
    match error {
        SignError::PayloadEncoding => failure.hint("add --detached, or leave out --b64-false"),
        _ => failure,
    }
}

/// A token that is born expired is a slip more often than a wish.
fn warn_expired(claims: &[u8], now: UnixTime) {
    let Ok(document) = Document::parse(claims, &Options::claims()) else {
        return;
    };
    let exp = document
        .root()
        .as_object()
        .and_then(|claims| claims.get("exp"));
    let exp = exp
        .and_then(Value::as_number)
        .and_then(|number| UnixTime::from_numeric_date(number.text()));
    if let Some(exp) = exp
        && exp <= now
    {
        let when = jeton_inspect::moment::relative(exp, now);
        print_error(&format!(
            "note: the token has expired already ({})\n",
            visible(&when)
        ));
    }
}
