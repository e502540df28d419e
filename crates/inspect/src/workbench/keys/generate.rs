//! A fresh key.

use jeton_jose::alg::{AnyAlgorithm, Curve, Hash, KeyType};
use jeton_jose::backend::{Backend, GenerateKind};
use jeton_jose::json::RawJson;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyForm, Structure};
use serde::{Deserialize, Serialize};

use super::json;
use crate::workbench::tokens::thumbprint;
use crate::workbench::{Failure, Setting};

/// What the key is for, or what it is: at least one of `alg`, `kty` and `crv`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The signature or key management algorithm that it is for.
    pub alg: Option<String>,
    /// Its type: RSA, EC, OKP or oct.
    pub kty: Option<String>,
    /// Its curve.
    pub crv: Option<String>,
    /// Its size in bits, for RSA and oct.
    pub size: Option<usize>,
    /// Its name; by default its thumbprint (RFC 7638).
    pub kid: Option<String>,
}

/// A fresh key.
#[derive(Clone, Debug, Serialize)]
pub struct Generated {
    /// The key, private members included.
    pub private: Option<RawJson>,
    /// Its public half; a secret has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<RawJson>,
    /// The key as PEM (PKCS#8); secrets are JWKs only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pem: Option<String>,
    /// Its public half as PEM (SPKI).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_pem: Option<String>,
    /// Its name.
    pub kid: Option<String>,
    /// Its SHA-256 thumbprint (RFC 7638), unless it is a secret.
    pub thumbprint: Option<String>,
}

/// Makes the key of a request.
pub(in crate::workbench) fn answer(
    request: &Request,
    setting: &Setting<'_>,
) -> Result<Generated, Failure> {
    let jwk = generate(request, setting.backend)?;
    Ok(Generated::new(&jwk, setting.backend))
}

impl Generated {
    /// The key and its public half in the forms that people need.
    pub fn new(jwk: &Jwk, backend: &dyn Backend) -> Self {
        let public = jwk.public();
        let pem = |jwk: &Jwk, structure| {
            let pem = key::write(jwk, KeyForm::Pem(structure)).ok()?;
            Some(String::from_utf8_lossy(pem.expose()).into_owned())
        };
        Self {
            private: json(jwk),
            public: public.as_ref().and_then(json),
            pem: pem(jwk, Structure::Pkcs8),
            public_pem: public.and_then(|public| pem(&public, Structure::Spki)),
            kid: jwk.key_id().map(str::to_owned),
            thumbprint: thumbprint(jwk, backend),
        }
    }
}

/// Makes a key.
///
/// # Errors
/// The request contradicts itself or asks for a size that is not offered.
pub fn generate(request: &Request, backend: &dyn Backend) -> Result<Jwk, Failure> {
    let wanted = Wanted::read(request)?;
    let material = key::generate(wanted.kind()?, backend).map_err(|error| {
        Failure::coded(error.code(), "no key was made")
            .cause(error.to_string())
            .hint("RSA keys have 2048, 3072 or 4096 bits, secrets 128 to 8192")
    })?;
    // X25519 agrees on keys; it signs nothing (RFC 8037 §3.2).
    let encrypts = matches!(wanted.algorithm, Some(AnyAlgorithm::KeyManagement(_)))
        || material.curve() == Some(Curve::X25519);
    let mut jwk = Jwk::from(material).with_key_use(if encrypts { "enc" } else { "sig" });
    if let Some(algorithm) = wanted.algorithm {
        jwk = jwk.with_algorithm(algorithm);
    }
    let key_id = match &request.kid {
        Some(text) => text.clone(),
        None => jwk.thumbprint(Hash::Sha256, backend),
    };
    Ok(jwk.with_key_id(key_id))
}

/// A request whose names are known.
struct Wanted {
    algorithm: Option<AnyAlgorithm>,
    key_type: Option<KeyType>,
    curve: Option<Curve>,
    size: Option<usize>,
}

impl Wanted {
    fn read(request: &Request) -> Result<Self, Failure> {
        let algorithm = request.alg.as_deref().map(algorithm).transpose()?;
        let key_type = request.kty.as_deref().map(key_type).transpose()?;
        let curve = request.crv.as_deref().map(curve).transpose()?;
        Ok(Self {
            algorithm,
            key_type,
            curve,
            size: request.size,
        })
    }

    fn kind(&self) -> Result<GenerateKind, Failure> {
        // What the algorithm alone would give settles its type, and its curve unless it has several.
        let by_algorithm = self.algorithm.and_then(kind_for);
        let (own_type, own_curve) = by_algorithm.map_or((None, None), parts);
        let several = matches!(self.algorithm, Some(AnyAlgorithm::KeyManagement(_)));
        let curve = self.curve.or(own_curve.filter(|_| !several));
        let key_type = self.key_type.or(curve.map(Curve::key_type)).or(own_type);
        let key_type =
            key_type.ok_or_else(|| Failure::usage("name an algorithm, a key type or a curve"))?;
        self.check_agreement(key_type, curve, (own_type, own_curve))?;
        let sized = matches!(key_type, KeyType::Rsa | KeyType::Oct);
        if self.size.is_some() && !sized {
            return Err(Failure::usage(
                "the size of this key follows from its curve or its algorithm",
            )
            .hint("leave the size out"));
        }
        match (key_type, curve, by_algorithm) {
            (KeyType::Rsa, _, _) => Ok(GenerateKind::Rsa {
                bits: self.size.unwrap_or(2048),
            }),
            (KeyType::Oct, _, _) => self.secret(by_algorithm),
            (_, Some(curve), _) => Ok(GenerateKind::Curve(curve)),
            (_, None, Some(kind)) => Ok(kind),
            (KeyType::Okp, None, None) => Ok(GenerateKind::Curve(Curve::Ed25519)),
            (KeyType::Akp, None, None) => {
                Err(Failure::usage("an AKP key needs an algorithm").hint("name one"))
            }
            (_, None, None) => Err(Failure::usage("an EC key needs a curve").hint("name one")),
        }
    }

    fn check_agreement(
        &self,
        key_type: KeyType,
        curve: Option<Curve>,
        (own_type, own_curve): (Option<KeyType>, Option<Curve>),
    ) -> Result<(), Failure> {
        let contradiction = |one, other| {
            Err(Failure::usage(format!(
                "{one} and {other} contradict each other"
            )))
        };
        let several = matches!(self.algorithm, Some(AnyAlgorithm::KeyManagement(_)));
        if !several && own_type.is_some_and(|own| own != key_type) {
            return contradiction("the algorithm", "the key type");
        }
        if curve.is_some_and(|curve| curve.key_type() != key_type) {
            return contradiction("the key type", "the curve");
        }
        if several && own_curve.is_some() {
            // ECDH takes any curve that agrees, whatever its type.
            return match curve {
                Some(curve) if !curve.agrees() => contradiction("the algorithm", "the curve"),
                None if !matches!(key_type, KeyType::Ec) => {
                    contradiction("the algorithm", "the key type")
                }
                _ => Ok(()),
            };
        }
        match (own_type, own_curve) {
            (Some(own), _) if own != key_type => contradiction("the algorithm", "the key type"),
            (Some(_), own) if own != curve => contradiction("the algorithm", "the curve"),
            _ => Ok(()),
        }
    }

    fn secret(&self, by_algorithm: Option<GenerateKind>) -> Result<GenerateKind, Failure> {
        let own = match by_algorithm {
            Some(GenerateKind::Oct { bytes }) => Some(bytes * 8),
            _ => None,
        };
        let bits = self.size.or(own).unwrap_or(256);
        match self.algorithm {
            Some(AnyAlgorithm::Signature(_)) if own.is_some_and(|least| bits < least) => {
                let least = own.unwrap_or_default();
                return Err(Failure::usage(format!(
                    "a secret of {bits} bits is too short, {least} are the least"
                )));
            }
            Some(AnyAlgorithm::KeyManagement(algorithm)) => {
                let exact = algorithm.row().wrapping_key_len.map(|bytes| bytes * 8);
                let password = algorithm.row().hash.is_some();
                if let Some(exact) = exact.filter(|exact| !password && *exact != bits) {
                    return Err(Failure::usage(format!(
                        "a key of {algorithm} has exactly {exact} bits"
                    )));
                }
            }
            _ => {}
        }
        if !bits.is_multiple_of(8) {
            return Err(Failure::usage(
                "the size of a secret must be a multiple of 8 bits",
            ));
        }
        Ok(GenerateKind::Oct { bytes: bits / 8 })
    }
}

fn kind_for(algorithm: AnyAlgorithm) -> Option<GenerateKind> {
    match algorithm {
        AnyAlgorithm::Signature(algorithm) => Some(GenerateKind::for_algorithm(algorithm)),
        AnyAlgorithm::KeyManagement(algorithm) => Some(GenerateKind::for_key_management(algorithm)),
        AnyAlgorithm::ContentEncryption(_) => None,
    }
}

fn parts(kind: GenerateKind) -> (Option<KeyType>, Option<Curve>) {
    match kind {
        GenerateKind::Oct { .. } => (Some(KeyType::Oct), None),
        GenerateKind::Rsa { .. } => (Some(KeyType::Rsa), None),
        GenerateKind::Curve(curve) => (Some(curve.key_type()), Some(curve)),
        GenerateKind::Akp(_) => (Some(KeyType::Akp), None),
    }
}

fn algorithm(name: &str) -> Result<AnyAlgorithm, Failure> {
    match AnyAlgorithm::from_name(name) {
        Some(AnyAlgorithm::ContentEncryption(_)) => Err(Failure::usage(
            "content encryption takes a fresh key for each token",
        )
        .hint("name the `alg`, which protects that key")),
        Some(algorithm) => Ok(algorithm),
        None => Err(Failure::usage("there is no such algorithm")
            .hint("names are case-sensitive: ES256, Ed25519, RSA-OAEP-256")),
    }
}

fn key_type(name: &str) -> Result<KeyType, Failure> {
    KeyType::from_name(name)
        .ok_or_else(|| Failure::usage("a key type is one of RSA, EC, OKP, AKP and oct"))
}

fn curve(name: &str) -> Result<Curve, Failure> {
    let known = || Curve::ALL.map(Curve::name).join(", ");
    Curve::from_name(name).ok_or_else(|| Failure::usage(format!("the curves are {}", known())))
}

#[cfg(test)]
mod tests {
    use jeton_jose::Algorithm;
    use jeton_jose::alg::KeyManagement;
    use jeton_jose::backend::RustCrypto;

    use super::*;

    fn wanted(alg: &str, kty: &str, crv: &str, size: usize) -> Result<GenerateKind, Failure> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let request = Request {
            alg: some(alg),
            kty: some(kty),
            crv: some(crv),
            size: (size > 0).then_some(size),
            kid: None,
        };
        Wanted::read(&request)?.kind()
    }

    #[test]
    fn every_algorithm_has_its_key() {
        for algorithm in Algorithm::ALL {
            let kind = wanted(algorithm.name(), "", "", 0).unwrap();
            assert_eq!(kind, GenerateKind::for_algorithm(*algorithm), "{algorithm}");
        }
        for algorithm in KeyManagement::ALL {
            let kind = wanted(algorithm.name(), "", "", 0).unwrap();
            assert_eq!(
                kind,
                GenerateKind::for_key_management(*algorithm),
                "{algorithm}"
            );
        }
    }

    #[test]
    fn wishes_may_say_more() {
        let curve = |curve| Ok(GenerateKind::Curve(curve));
        assert_eq!(wanted("ECDH-ES", "", "X25519", 0), curve(Curve::X25519));
        assert_eq!(wanted("ECDH-ES", "EC", "P-521", 0), curve(Curve::P521));
        assert_eq!(wanted("", "OKP", "", 0), curve(Curve::Ed25519));
        assert_eq!(wanted("", "", "P-384", 0), curve(Curve::P384));
        let rsa = Ok(GenerateKind::Rsa { bits: 3072 });
        assert_eq!(wanted("RS256", "RSA", "", 3072), rsa);
        let secret = Ok(GenerateKind::Oct { bytes: 64 });
        assert_eq!(wanted("dir", "", "", 512), secret);
        assert_eq!(wanted("HS256", "oct", "", 512), secret);
    }

    #[test]
    fn contradictions_are_refused() {
        for (alg, kty, crv, size) in [
            ("", "", "", 0),
            ("ES256", "RSA", "", 0),
            ("ES256", "", "P-384", 0),
            ("ES256", "", "", 256),
            ("", "EC", "", 0),
            ("", "AKP", "", 0),
            ("", "RSA", "P-256", 0),
            ("HS256", "", "", 128),
            ("HS256", "", "", 257),
            ("A128KW", "", "", 256),
            ("ECDH-ES", "", "Ed25519", 0),
            ("ECDH-ES", "OKP", "", 0),
            ("A128GCM", "", "", 0),
            ("es256", "", "", 0),
        ] {
            assert!(wanted(alg, kty, crv, size).is_err(), "{alg} {kty} {crv}");
        }
    }

    #[test]
    fn a_fresh_key_says_what_it_is_for() {
        let request = Request {
            alg: Some("ES256".to_owned()),
            ..Request::default()
        };
        let jwk = generate(&request, &RustCrypto).unwrap();
        assert_eq!(jwk.algorithm(), Some(Algorithm::ES256));
        assert_eq!(jwk.key_use(), Some("sig"));
        assert_eq!(jwk.key_id(), thumbprint(&jwk, &RustCrypto).as_deref());
    }
}
