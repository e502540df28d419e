use jeton_jose::Secret;
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::key::{self, KeyError, KeyForm, Structure};

use super::KeyArgument;
use super::output::{OutputOptions, Written};
use crate::failure::Failure;
use crate::input::read_keys;
use crate::json_text::pretty;
use crate::session::Answer;

/// Write a key in another form
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    key: KeyArgument,
    /// The form to write
    #[arg(long, value_name = "FORM")]
    to: Form,
    /// Write DER instead of PEM
    #[arg(long)]
    der: bool,
    #[command(flatten)]
    output: OutputOptions,
}

/// Write the public half of a key, in the form of the key
#[derive(Debug, clap::Args)]
#[command(after_long_help = PUBLIC_EXAMPLES)]
pub(crate) struct Public {
    #[command(flatten)]
    key: KeyArgument,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// JSON Web Key
    Jwk,
    /// JWK Set, of all the keys in the input
    Jwks,
    /// PEM: PKCS#8 for a private key, SPKI for a public one
    Pem,
    /// DER: PKCS#8 for a private key, SPKI for a public one
    Der,
    /// Private key of any kind (RFC 5208)
    Pkcs8,
    /// Public key of any kind (RFC 5280)
    Spki,
    /// RSA key, private or public (RFC 8017)
    Pkcs1,
    /// Private EC key (RFC 5915)
    Sec1,
}

const EXAMPLES: &str = "\
Examples:
  jeton key convert private.pem --to jwk
  jeton key convert key.jwk --to pkcs8 --out private.pem
  jeton key convert private.pem --to spki
  openssl ecparam -genkey -name prime256v1 -noout | jeton key convert - --to jwk

Private forms need the private half; public forms leave it out.";

const PUBLIC_EXAMPLES: &str = "\
Examples:
  jeton key public private.pem > public.pem
  jeton key public private.jwks > published.jwks

From a set, secrets are left out.";

/// How a key is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Encoding {
    Jwk,
    Pem(Structure),
    Der(Structure),
}

pub(super) fn run(args: &Args) -> Result<Answer, Failure> {
    if args.to == Form::Jwks {
        let file = read_keys(&args.key.file)?;
        let set = JwkSet {
            keys: file.keys,
            skipped: Vec::new(),
        };
        let is_private = set.keys.iter().any(|key| key.material().is_private());
        args.output.write(&json(&set.to_json(), is_private))?;
        return Ok(Answer::Yes);
    }
    let jwk = args.key.read()?;
    let is_private = jwk.material().is_private();
    let either = |private, public| if is_private { private } else { public };
    let structure = match args.to {
        Form::Jwk | Form::Jwks => None,
        Form::Pem | Form::Der => Some(either(Structure::Pkcs8, Structure::Spki)),
        Form::Pkcs8 => Some(Structure::Pkcs8),
        Form::Spki => Some(Structure::Spki),
        Form::Pkcs1 => Some(either(Structure::Pkcs1Private, Structure::Pkcs1Public)),
        Form::Sec1 => Some(Structure::Sec1),
    };
    let encoding = match structure {
        None => Encoding::Jwk,
        Some(structure) if args.der || args.to == Form::Der => Encoding::Der(structure),
        Some(structure) => Encoding::Pem(structure),
    };
    args.output.write(&encode(&jwk, encoding)?)?;
    Ok(Answer::Yes)
}

pub(super) fn public(args: &Public) -> Result<Answer, Failure> {
    let file = read_keys(&args.key.file)?;
    let form = file.form;
    if form == KeyForm::JwkSet && args.key.kid.is_none() {
        let set = JwkSet {
            keys: file.keys,
            skipped: Vec::new(),
        };
        args.output.write(&json(&set.to_public_json(), false))?;
        return Ok(Answer::Yes);
    }
    let jwk = file.into_one(args.key.kid.as_deref())?;
    let public = jwk.public().ok_or_else(|| {
        Failure::usage("a secret has no public half")
            .hint("whoever can verify with it can also sign")
    })?;
    let encoding = match form {
        KeyForm::Jwk | KeyForm::JwkSet => Encoding::Jwk,
        KeyForm::Pem(_) | KeyForm::OpenSsh => Encoding::Pem(Structure::Spki),
        KeyForm::Der(_) => Encoding::Der(Structure::Spki),
    };
    args.output.write(&encode(&public, encoding)?)?;
    Ok(Answer::Yes)
}

pub(super) fn encode(jwk: &Jwk, encoding: Encoding) -> Result<Written, Failure> {
    let (form, structure) = match encoding {
        Encoding::Jwk => return Ok(json(&jwk.to_json(), jwk.material().is_private())),
        Encoding::Pem(structure) => (KeyForm::Pem(structure), structure),
        Encoding::Der(structure) => (KeyForm::Der(structure), structure),
    };
    let bytes = key::write(jwk, form).map_err(|error| {
        let cause = match error {
            // The library's message speaks of reading.
            KeyError::Format { reason } => reason.to_owned(),
            _ => error.to_string(),
        };
        Failure::coded(error.code(), format!("the key cannot be written as {form}"))
            .cause(cause)
            .hint(FORMS)
    })?;
    let is_private = matches!(
        structure,
        Structure::Pkcs8 | Structure::Pkcs1Private | Structure::Sec1
    );
    Ok(Written { bytes, is_private })
}

const FORMS: &str = "PKCS#8 and SPKI carry keys of any kind, PKCS#1 those of RSA, SEC 1 those of EC; secrets are JWKs only";

fn json(text: &str, is_private: bool) -> Written {
    Written {
        bytes: Secret::new(format!("{}\n", pretty(text)).into_bytes()),
        is_private,
    }
}
