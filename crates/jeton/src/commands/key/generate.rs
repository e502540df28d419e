use std::path::PathBuf;

use jeton_jose::Algorithm;
use jeton_jose::alg::{Curve, Hash, KeyType};
use jeton_jose::backend::{AwsLc, GenerateKind};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{Structure, generate};

use super::convert::{Encoding, encode};
use super::output::{OutputOptions, Written, to_file};
use crate::failure::Failure;
use crate::input::algorithm_name;
use crate::session::Answer;

/// Make a new key
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The algorithm that the key is for
    #[arg(long, value_parser = algorithm_name, required_unless_present_any = ["kty", "crv"])]
    alg: Option<Algorithm>,
    /// Key type: RSA, EC, OKP or oct
    #[arg(long, value_parser = key_type)]
    kty: Option<KeyType>,
    /// Curve: P-256, P-384, P-521, secp256k1 or Ed25519
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

Private keys are written to files that only you can read, and no file is
overwritten without --force.";

pub(super) fn run(args: &Args) -> Result<Answer, Failure> {
    let kind = args.kind()?;
    let material = generate(kind, &AwsLc).map_err(|error| {
        Failure::coded(error.code(), "no key was made")
            .cause(error.to_string())
            .hint("see --size")
    })?;
    // X25519 agrees on keys; it signs nothing (RFC 8037 §3.2).
    let key_use = match material.curve() {
        Some(Curve::X25519) => "enc",
        _ => "sig",
    };
    let mut jwk = Jwk::from(material).with_key_use(key_use);
    if let Some(algorithm) = args.alg {
        jwk = jwk.with_algorithm(algorithm);
    }
    let key_id = match args.kid.as_str() {
        "thumbprint" => jwk.thumbprint(Hash::Sha256, &AwsLc),
        text => text.to_owned(),
    };
    let jwk = jwk.with_key_id(key_id);
    if let Some(path) = &args.public_out {
        let public = jwk.public().ok_or_else(|| {
            Failure::usage("a secret has no public half").hint("leave --public-out out")
        })?;
        let written = encode(&public, args.encoding(Structure::Spki))?;
        to_file(path, &written, args.output.force)?;
    }
    let Written { bytes, .. } = encode(&jwk, args.encoding(Structure::Pkcs8))?;
    args.output.write(&Written {
        bytes,
        is_private: true,
    })?;
    Ok(Answer::Yes)
}

impl Args {
    fn kind(&self) -> Result<GenerateKind, Failure> {
        let from_algorithm = self.alg.map(jeton_jose::Algorithm::row);
        let curve = self.crv.or(from_algorithm.and_then(|row| row.curve));
        let key_type = self
            .kty
            .or(curve.map(Curve::key_type))
            .or(from_algorithm.map(|row| row.key_type))
            .ok_or_else(|| Failure::usage("name an algorithm, a key type or a curve"))?;
        let contradiction = |what: &str| {
            Err(Failure::usage(format!(
                "--alg and {what} contradict each other"
            )))
        };
        match from_algorithm {
            Some(row) if row.key_type != key_type => return contradiction("--kty"),
            Some(row) if row.curve != curve => return contradiction("--crv"),
            _ => {}
        }
        match (key_type, curve) {
            (KeyType::Ec | KeyType::Okp | KeyType::Akp, _) if self.size.is_some() => Err(
                Failure::usage("the size of this key follows from its curve or its algorithm")
                    .hint("leave --size out"),
            ),
            (_, Some(curve)) if curve.key_type() == key_type => Ok(GenerateKind::Curve(curve)),
            (_, Some(_)) => Err(Failure::usage("--kty and --crv contradict each other")),
            (KeyType::Okp, None) => Ok(GenerateKind::Curve(Curve::Ed25519)),
            (KeyType::Ec, None) => {
                Err(Failure::usage("an EC key needs a curve").hint("name one with --crv"))
            }
            (KeyType::Akp, None) => self.alg.map(GenerateKind::Akp).ok_or_else(|| {
                Failure::usage("an AKP key needs an algorithm").hint("name one with --alg")
            }),
            (KeyType::Rsa, None) => Ok(GenerateKind::Rsa {
                bits: self.size.unwrap_or(2048),
            }),
            (KeyType::Oct, None) => {
                let bits = self
                    .size
                    .or(from_algorithm.map(|row| row.min_key_bits))
                    .unwrap_or(256);
                self.secret(bits)
            }
        }
    }

    fn secret(&self, bits: usize) -> Result<GenerateKind, Failure> {
        let least = self.alg.map_or(0, |algorithm| algorithm.row().min_key_bits);
        if bits < least {
            return Err(Failure::usage(format!(
                "a secret of {bits} bits is too short, {least} are the least"
            )));
        }
        if !bits.is_multiple_of(8) {
            return Err(Failure::usage(
                "the size of a secret must be a multiple of 8 bits",
            ));
        }
        Ok(GenerateKind::Oct { bytes: bits / 8 })
    }

    fn encoding(&self, structure: Structure) -> Encoding {
        match self.format {
            Format::Jwk => Encoding::Jwk,
            Format::Pem => Encoding::Pem(structure),
            Format::Der => Encoding::Der(structure),
        }
    }
}

fn key_type(name: &str) -> Result<KeyType, String> {
    KeyType::from_name(name).ok_or_else(|| "expected RSA, EC, OKP, AKP or oct".to_owned())
}

fn curve(name: &str) -> Result<Curve, String> {
    Curve::from_name(name)
        .ok_or_else(|| format!("expected one of {}", Curve::ALL.map(Curve::name).join(", ")))
}
