//! Keys as files.

use der::Encode;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use crate::backend::sec1_point;
use crate::jwk::{Jwk, JwkSet};
use crate::key::{EcKey, KeyError, KeyForm, KeyMaterial, RsaKey, Structure, der as read, ml_dsa};
use crate::secret::Secret;

/// The key in another form, as the bytes of its file. Private structures need the private half;
/// public ones leave it out. A JWK is written as it is, private members included.
///
/// # Errors
/// The form cannot carry such a key, or wants the private half that is not there.
pub fn write(key: &Jwk, form: KeyForm) -> Result<Secret, KeyError> {
    match form {
        KeyForm::Jwk => Ok(text(key.to_json().as_str())),
        KeyForm::JwkSet => {
            let set = JwkSet {
                keys: vec![key.clone()],
                skipped: Vec::new(),
            };
            Ok(text(set.to_json().as_str()))
        }
        KeyForm::OpenSsh => Err(KeyError::Format {
            reason: "OpenSSH keys are only read",
        }),
        KeyForm::Der(structure) => encode(key.material(), structure),
        KeyForm::Pem(structure) => {
            let der = encode(key.material(), structure)?;
            pem_rfc7468::encode_string(structure.label(), pem_rfc7468::LineEnding::LF, der.expose())
                .map(|pem| Secret::new(pem.into_bytes()))
                .map_err(|_| unwritable())
        }
    }
}

fn encode(key: &KeyMaterial, structure: Structure) -> Result<Secret, KeyError> {
    match (structure, key) {
        (Structure::Pkcs1Public, KeyMaterial::Rsa(rsa)) => rsa_public(rsa),
        (Structure::Pkcs1Private, KeyMaterial::Rsa(rsa)) => rsa_private(rsa),
        (Structure::Sec1, KeyMaterial::Ec(ec)) => sec1(ec),
        (Structure::Pkcs8, _) => pkcs8(key),
        (Structure::Spki, _) => spki(key),
        (Structure::EncryptedPkcs8, _) => Err(KeyError::Format {
            reason: "keys are not encrypted here; write PKCS#8 and encrypt the file",
        }),
        (Structure::Certificate, _) => Err(KeyError::Format {
            reason: "a certificate cannot be made from a key alone",
        }),
        (Structure::Pkcs1Public | Structure::Pkcs1Private, _) => Err(KeyError::Format {
            reason: "PKCS#1 carries RSA keys only",
        }),
        (Structure::Sec1, _) => Err(KeyError::Format {
            reason: "SEC 1 carries EC keys only",
        }),
    }
}

fn pkcs8(key: &KeyMaterial) -> Result<Secret, KeyError> {
    let private = match key {
        KeyMaterial::Oct(_) => return Err(no_secrets()),
        KeyMaterial::Rsa(rsa) => rsa_private(rsa)?,
        KeyMaterial::Ec(ec) => sec1_inner(ec)?,
        KeyMaterial::Okp(okp) => {
            let seed = okp.d.as_ref().ok_or(KeyError::PrivateMissing)?;
            der(OctetStringRef::new(seed.expose()).and_then(|octets| octets.to_der()))?
        }
        KeyMaterial::Akp(akp) => {
            ml_dsa::write_seed(akp.seed.as_ref().ok_or(KeyError::PrivateMissing)?)
        }
    };
    let curve = curve_oid(key)?;
    let private_key = OctetStringRef::new(private.expose()).map_err(|_| unwritable())?;
    let info = PrivateKeyInfoRef::new(identifier(key, curve.as_ref())?, private_key);
    der(info.to_der())
}

fn spki(key: &KeyMaterial) -> Result<Secret, KeyError> {
    let public = match key {
        KeyMaterial::Oct(_) => return Err(no_secrets()),
        KeyMaterial::Rsa(rsa) => rsa_public(rsa)?,
        KeyMaterial::Ec(ec) => Secret::new(sec1_point(ec)),
        KeyMaterial::Okp(okp) => Secret::new(okp.x.clone()),
        KeyMaterial::Akp(akp) => Secret::new(akp.public.clone()),
    };
    let curve = curve_oid(key)?;
    let info = SubjectPublicKeyInfoRef {
        algorithm: identifier(key, curve.as_ref())?,
        subject_public_key: BitStringRef::from_bytes(public.expose()).map_err(|_| unwritable())?,
    };
    der(info.to_der())
}

fn curve_oid(key: &KeyMaterial) -> Result<Option<ObjectIdentifier>, KeyError> {
    match key {
        KeyMaterial::Ec(ec) => read::curve_oid(ec.curve).map(Some).ok_or_else(unwritable),
        KeyMaterial::Okp(okp) => read::okp_oid(okp.curve).map(Some).ok_or_else(unwritable),
        _ => Ok(None),
    }
}

fn identifier<'a>(
    key: &KeyMaterial,
    curve: Option<&'a ObjectIdentifier>,
) -> Result<AlgorithmIdentifierRef<'a>, KeyError> {
    let (oid, parameters) = match key {
        KeyMaterial::Rsa(_) | KeyMaterial::Oct(_) => (read::RSA, Some(AnyRef::NULL)),
        KeyMaterial::Ec(_) => (read::EC, curve.map(AnyRef::from)),
        KeyMaterial::Okp(_) => (*curve.ok_or_else(unwritable)?, None),
        KeyMaterial::Akp(akp) => (ml_dsa::oid(akp.algorithm).ok_or_else(unwritable)?, None),
    };
    Ok(AlgorithmIdentifierRef { oid, parameters })
}

fn rsa_public(rsa: &RsaKey) -> Result<Secret, KeyError> {
    let key = pkcs1::RsaPublicKeyRef {
        modulus: number(&rsa.n)?,
        public_exponent: number(&rsa.e)?,
    };
    der(key.to_der())
}

fn rsa_private(rsa: &RsaKey) -> Result<Secret, KeyError> {
    let private = rsa.private.as_ref().ok_or(KeyError::PrivateMissing)?;
    let key = pkcs1::RsaPrivateKeyRef {
        modulus: number(&rsa.n)?,
        public_exponent: number(&rsa.e)?,
        private_exponent: number(private.d.expose())?,
        prime1: number(private.p.expose())?,
        prime2: number(private.q.expose())?,
        exponent1: number(private.dp.expose())?,
        exponent2: number(private.dq.expose())?,
        coefficient: number(private.qi.expose())?,
        other_prime_infos: None,
    };
    der(key.to_der())
}

fn sec1(ec: &EcKey) -> Result<Secret, KeyError> {
    let private = ec.d.as_ref().ok_or(KeyError::PrivateMissing)?;
    read::encode_sec1(ec.curve, private.expose(), Some(&sec1_point(ec)))
}

/// Within PKCS#8 the curve is named outside.
fn sec1_inner(ec: &EcKey) -> Result<Secret, KeyError> {
    let private = ec.d.as_ref().ok_or(KeyError::PrivateMissing)?;
    let point = sec1_point(ec);
    let key = ::sec1::EcPrivateKey {
        private_key: private.expose(),
        parameters: None,
        public_key: Some(&point),
    };
    der(key.to_der())
}

fn number(bytes: &[u8]) -> Result<UintRef<'_>, KeyError> {
    UintRef::new(bytes).map_err(|_| unwritable())
}

fn der(encoded: ::der::Result<Vec<u8>>) -> Result<Secret, KeyError> {
    encoded.map(Secret::new).map_err(|_| unwritable())
}

fn text(json: &str) -> Secret {
    Secret::new(json.as_bytes().to_vec())
}

fn no_secrets() -> KeyError {
    KeyError::Format {
        reason: "a secret has no PEM or DER form; use a JWK",
    }
}

fn unwritable() -> KeyError {
    KeyError::Format {
        reason: "the key cannot be written in this form",
    }
}
