use jeton_inspect::workbench::keys::convert::{
    self, Written, form_of, public_half, write, write_set,
};
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyForm, Structure};

use super::KeyArgument;
use super::output::OutputOptions;
use crate::failure::Failure;
use crate::input::EncryptOptions;
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
    encrypting: EncryptOptions,
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
  jeton key convert key.jwk --to pkcs8 --encrypt --out private.pem
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
    if to == convert::Form::Jwks && args.encrypting.encrypt {
        return Err(only_pkcs8());
    }
    let written = if to == convert::Form::Jwks {
        write_set(args.key.open()?.keys, false)
    } else {
        let jwk = args.key.read()?;
        write_private(&jwk, form_of(&jwk, to, args.der), &args.encrypting)?
    };
    args.output.write(&written, session)?;
    Ok(Answer::Yes)
}

pub(super) fn public(args: &Public, session: &Session) -> Result<Answer, Failure> {
    let file = args.key.open()?;
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

/// Writes a key, under a passphrase if so wanted.
pub(super) fn write_private(
    jwk: &Jwk,
    form: KeyForm,
    encrypting: &EncryptOptions,
) -> Result<Written, Failure> {
    let Some(passphrase) = encrypting.read()? else {
        return write(jwk, form);
    };
    let (as_der, form) = match form {
        KeyForm::Pem(Structure::Pkcs8) => (false, KeyForm::Pem(Structure::EncryptedPkcs8)),
        KeyForm::Der(Structure::Pkcs8) => (true, KeyForm::Der(Structure::EncryptedPkcs8)),
        _ => return Err(only_pkcs8()),
    };
    let bytes = key::write_encrypted(jwk, &passphrase, as_der, &AwsLc).map_err(|error| {
        Failure::coded(error.code(), "the key cannot be encrypted").cause(error.to_string())
    })?;
    Ok(Written {
        bytes,
        form,
        is_private: true,
    })
}

fn only_pkcs8() -> Failure {
    Failure::usage("only private keys in PKCS#8 are written under a passphrase")
        .hint("choose PEM or DER as the form, of a private key")
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
