use std::path::PathBuf;

use jeton_inspect::workbench::keys::convert::write;
use jeton_inspect::workbench::keys::generate::{Generated, Request, generate};
use jeton_jose::alg::{AnyAlgorithm, Curve, KeyType};
use jeton_jose::backend::AwsLc;
use jeton_jose::key::{KeyForm, Structure};

use super::convert::write_private;
use super::output::{OutputOptions, is_same_file, to_file};
use crate::failure::Failure;
use crate::input::{EncryptOptions, algorithm_name};
use crate::report::written;
use crate::session::{Answer, Session, print_json};

/// Make a new key
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The algorithm that the key is for
    #[arg(long, value_parser = algorithm, required_unless_present_any = ["kty", "crv"])]
    alg: Option<AnyAlgorithm>,
    /// Key type: RSA, EC, OKP or oct
    #[arg(long, value_parser = key_type)]
    kty: Option<KeyType>,
    /// Curve: P-256, P-384, P-521, secp256k1, Ed25519 or X25519
    #[arg(long, value_parser = curve)]
    crv: Option<Curve>,
    /// Size in bits, for RSA (2048, 3072, 4096) and oct (128 to 8192)
    #[arg(long, value_name = "BITS")]
    size: Option<usize>,
    /// The form to write
    #[arg(long, default_value = "jwk")]
    format: Format,
    /// Name of the key: `thumbprint` (RFC 7638) or any text
    #[arg(long, value_name = "ID", default_value = "thumbprint")]
    kid: String,
    /// Write the public half to this file as well
    #[arg(long, value_name = "FILE")]
    public_out: Option<PathBuf>,
    #[command(flatten)]
    encrypting: EncryptOptions,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Jwk,
    Pem,
    Der,
}

const EXAMPLES: &str = "\
Examples:
  jeton key generate --alg ES256 --out private.jwk --public-out public.jwk
  jeton key generate --alg RS256 --size 3072 --format pem --out private.pem
  jeton key generate --alg HS256
  jeton key generate --alg ES256 --format pem --encrypt --out key.pem
  jeton key generate --alg ECDH-ES+A256KW --crv X25519

Private keys are written to files that only you can read, and no file is
overwritten without --force.";

pub(super) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    if let (Some(public), Some(private)) = (&args.public_out, &args.output.out)
        && is_same_file(public, private)
    {
        return Err(Failure::usage("--out and --public-out name the same file")
            .hint("the private key and its public half need a file each"));
    }
    let jwk = generate(&args.request(), &AwsLc)?;
    if let Some(path) = &args.public_out {
        let public = jwk.public().ok_or_else(|| {
            Failure::usage("a secret has no public half").hint("leave --public-out out")
        })?;
        let written = write(&public, args.form(Structure::Spki))?;
        to_file(path, &written, args.output.force)?;
    }
    // What is to be encrypted is not shown as it is beside that.
    if session.json && args.output.out.is_none() && !args.encrypting.encrypt {
        print_json(&written(&Generated::new(&jwk, &AwsLc)))?;
    } else {
        let private = write_private(&jwk, args.form(Structure::Pkcs8), &args.encrypting)?;
        args.output.write(&private, session)?;
    }
    Ok(Answer::Yes)
}

impl Args {
    fn request(&self) -> Request {
        Request {
            alg: self.alg.map(|algorithm| algorithm.name().to_owned()),
            kty: self.kty.map(|key_type| key_type.name().to_owned()),
            crv: self.crv.map(|curve| curve.name().to_owned()),
            size: self.size,
            kid: Some(self.kid.clone()).filter(|kid| kid != "thumbprint"),
        }
    }

    fn form(&self, structure: Structure) -> KeyForm {
        match self.format {
            Format::Jwk => KeyForm::Jwk,
            Format::Pem => KeyForm::Pem(structure),
            Format::Der => KeyForm::Der(structure),
        }
    }
}

/// An algorithm that a key can be made for.
fn algorithm(name: &str) -> Result<AnyAlgorithm, String> {
    match AnyAlgorithm::from_name(name) {
        Some(AnyAlgorithm::ContentEncryption(_)) => {
            Err("content encryption takes a fresh key for each token".to_owned())
        }
        Some(algorithm) => Ok(algorithm),
        None => algorithm_name(name).map(AnyAlgorithm::from),
    }
}

fn key_type(name: &str) -> Result<KeyType, String> {
    KeyType::from_name(name).ok_or_else(|| "expected RSA, EC, OKP, AKP or oct".to_owned())
}

fn curve(name: &str) -> Result<Curve, String> {
    Curve::from_name(name)
        .ok_or_else(|| format!("expected one of {}", Curve::ALL.map(Curve::name).join(", ")))
}
