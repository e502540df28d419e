use jeton_inspect::workbench::keys::convert::{self, form_of, public_half, write, write_set};
use jeton_jose::key::{KeyForm, Structure};

use super::KeyArgument;
use super::output::OutputOptions;
use crate::failure::Failure;
use crate::input::read_keys;
use crate::session::{Answer, Session};

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

pub(super) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    let to = args.to.into();
    let written = if to == convert::Form::Jwks {
        write_set(read_keys(&args.key.file)?.keys, false)
    } else {
        let jwk = args.key.read()?;
        write(&jwk, form_of(&jwk, to, args.der))?
    };
    args.output.write(&written, session)?;
    Ok(Answer::Yes)
}

pub(super) fn public(args: &Public, session: &Session) -> Result<Answer, Failure> {
    let file = read_keys(&args.key.file)?;
    let form = file.form;
    if form == KeyForm::JwkSet && args.key.kid.is_none() {
        args.output.write(&write_set(file.keys, true), session)?;
        return Ok(Answer::Yes);
    }
    let public = public_half(&file.into_one(args.key.kid.as_deref())?)?;
    let form = match form {
        KeyForm::Jwk | KeyForm::JwkSet => KeyForm::Jwk,
        KeyForm::Pem(_) | KeyForm::OpenSsh => KeyForm::Pem(Structure::Spki),
        KeyForm::Der(_) => KeyForm::Der(Structure::Spki),
    };
    args.output.write(&write(&public, form)?, session)?;
    Ok(Answer::Yes)
}

impl From<Form> for convert::Form {
    fn from(form: Form) -> Self {
        match form {
            Form::Jwk => Self::Jwk,
            Form::Jwks => Self::Jwks,
            Form::Pem => Self::Pem,
            Form::Der => Self::Der,
            Form::Pkcs8 => Self::Pkcs8,
            Form::Spki => Self::Spki,
            Form::Pkcs1 => Self::Pkcs1,
            Form::Sec1 => Self::Sec1,
        }
    }
}
