//! Keys in DER: PKCS#1, PKCS#8, SEC 1, SPKI and certificates.
//!
//! A certificate only carries a key here: nothing in it is checked or trusted, so its reader skips
//! all but the key.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Encode, Header, Reader, SliceReader, Tag};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use crate::alg::{Algorithm, Curve};
use crate::backend::Backend;
use crate::jwk::Jwk;
use crate::key::{
    AkpKey, EcKey, KeyError, KeyMaterial, OkpKey, RsaKey, RsaPrivate, Structure, encrypted,
    invalid, ml_dsa, strength,
};
use crate::secret::Secret;

pub(crate) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
pub(crate) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

const CURVES: [(Curve, ObjectIdentifier); 4] = [
    (
        Curve::P256,
        ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
    ),
    (Curve::P384, ObjectIdentifier::new_unwrap("1.3.132.0.34")),
    (Curve::P521, ObjectIdentifier::new_unwrap("1.3.132.0.35")),
    (
        Curve::Secp256k1,
        ObjectIdentifier::new_unwrap("1.3.132.0.10"),
    ),
];

/// The object identifier of a Weierstrass curve.
pub(crate) fn curve_oid(curve: Curve) -> Option<ObjectIdentifier> {
    CURVES
        .into_iter()
        .find_map(|(known, oid)| (known == curve).then_some(oid))
}

/// The object identifier that stands for keys on an OKP curve (RFC 8410 §3).
pub(crate) fn okp_oid(curve: Curve) -> Option<ObjectIdentifier> {
    match curve {
        Curve::Ed25519 => Some(ED25519),
        Curve::X25519 => Some(X25519),
        _ => None,
    }
}

/// Whether the bytes are one DER sequence and nothing else.
pub(crate) fn is_sequence(bytes: &[u8]) -> bool {
    AnyRef::from_der(bytes).is_ok_and(|any| any.header().tag() == Tag::Sequence)
}

/// Reads the structure that its first elements show it to be.
pub(crate) fn read_any(
    bytes: &[u8],
    passphrase: Option<&Secret>,
    backend: &dyn Backend,
) -> Result<(Structure, Jwk), KeyError> {
    let structure = recognise(bytes)?;
    Ok((structure, read(structure, bytes, passphrase, backend)?))
}

/// Reads the given structure.
pub(crate) fn read(
    structure: Structure,
    bytes: &[u8],
    passphrase: Option<&Secret>,
    backend: &dyn Backend,
) -> Result<Jwk, KeyError> {
    let key = match structure {
        Structure::Pkcs1Public => {
            let key = pkcs1::RsaPublicKeyRef::from_der(bytes)
                .map_err(|_| format("a damaged PKCS#1 public key"))?;
            KeyMaterial::Rsa(rsa_public(&key)).into()
        }
        Structure::Pkcs1Private => KeyMaterial::Rsa(rsa_private(bytes)?).into(),
        Structure::Pkcs8 => pkcs8_key(bytes, backend)?,
        Structure::EncryptedPkcs8 => {
            let inner = encrypted::open(bytes, passphrase)?;
            // Now and then a wrong passphrase yields sound padding, but no structure.
            if recognise(inner.expose()) != Ok(Structure::Pkcs8) {
                return Err(KeyError::PassphraseWrong);
            }
            pkcs8_key(inner.expose(), backend)?
        }
        Structure::Sec1 => sec1_key(bytes, None, backend)?.into(),
        Structure::Spki => spki_key(bytes)?,
        Structure::Certificate => return read_certificate(bytes),
    };
    strength::check_numbers(Jwk::material(&key))?;
    Ok(key)
}

/// Reads the key in a certificate.
pub(crate) fn read_certificate(bytes: &[u8]) -> Result<Jwk, KeyError> {
    let spki = certificate_spki(bytes).map_err(|_| format("a damaged X.509 certificate"))?;
    let key = spki_key(spki)?;
    strength::check_numbers(Jwk::material(&key))?;
    Ok(key)
}

/// The key that an algorithm identifier, without its outermost tag, and a `subjectPublicKey` are
/// (RFC 5280 §4.1.2.7).
pub(crate) fn subject_key(algorithm: &[u8], public: &[u8]) -> Result<Jwk, KeyError> {
    let read = || {
        let algorithm = AnyRef::new(Tag::Sequence, algorithm)?.decode_as()?;
        let subject_public_key = BitStringRef::from_bytes(public)?;
        der::Result::Ok(SubjectPublicKeyInfoRef {
            algorithm,
            subject_public_key,
        })
    };
    let key = subject(&read().map_err(|_| format("a damaged SPKI public key"))?)?;
    strength::check_numbers(Jwk::material(&key))?;
    Ok(key)
}

/// The RSA key in a PKCS#8 structure, as a backend hands it out.
#[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
pub(crate) fn rsa_from_pkcs8(bytes: &[u8]) -> Result<RsaKey, KeyError> {
    let info =
        PrivateKeyInfoRef::from_der(bytes).map_err(|_| format("a damaged PKCS#8 private key"))?;
    rsa_private(info.private_key.as_bytes())
}

/// An `ECPrivateKey` that names its curve.
pub(crate) fn encode_sec1(
    curve: Curve,
    private: &[u8],
    public: Option<&[u8]>,
) -> Result<Secret, KeyError> {
    let key = sec1::EcPrivateKey {
        private_key: private,
        parameters: curve_oid(curve).map(sec1::EcParameters::NamedCurve),
        public_key: public,
    };
    key.to_der()
        .map(Secret::new)
        .map_err(|_| invalid("d", "cannot be written"))
}

fn recognise(bytes: &[u8]) -> Result<Structure, KeyError> {
    let tags = leading_tags(bytes).map_err(|_| format("damaged DER"))?;
    match tags {
        [Some(Tag::Integer), Some(Tag::Integer), None] => Ok(Structure::Pkcs1Public),
        [Some(Tag::Integer), Some(Tag::Integer), Some(_)] => Ok(Structure::Pkcs1Private),
        [
            Some(Tag::Integer),
            Some(Tag::Sequence),
            Some(Tag::OctetString),
        ] => Ok(Structure::Pkcs8),
        [Some(Tag::Integer), Some(Tag::OctetString), _] => Ok(Structure::Sec1),
        [Some(Tag::Sequence), Some(Tag::BitString), None] => Ok(Structure::Spki),
        [
            Some(Tag::Sequence),
            Some(Tag::Sequence),
            Some(Tag::BitString),
        ] => Ok(Structure::Certificate),
        [Some(Tag::Sequence), Some(Tag::OctetString), None] => Ok(Structure::EncryptedPkcs8),
        [Some(Tag::Integer), Some(Tag::Sequence), _] => Err(format(
            "this is a PKCS#12 container, which is not supported",
        )),
        _ => Err(format(
            "DER that is neither PKCS#1, PKCS#8, SEC 1, SPKI nor a certificate",
        )),
    }
}

/// The tags of the first three elements of a sequence.
fn leading_tags(bytes: &[u8]) -> der::Result<[Option<Tag>; 3]> {
    let mut reader = SliceReader::new(bytes)?;
    let header = Header::decode(&mut reader)?;
    header.tag().assert_eq(Tag::Sequence)?;
    let mut tags = [None; 3];
    for tag in &mut tags {
        if reader.is_finished() {
            break;
        }
        *tag = Some(AnyRef::decode(&mut reader)?.header().tag());
    }
    Ok(tags)
}

fn pkcs8_key(bytes: &[u8], backend: &dyn Backend) -> Result<Jwk, KeyError> {
    let info =
        PrivateKeyInfoRef::from_der(bytes).map_err(|_| format("a damaged PKCS#8 private key"))?;
    let private = info.private_key.as_bytes();
    match info.algorithm.oid {
        RSA => Ok(KeyMaterial::Rsa(rsa_private(private)?).into()),
        RSA_PSS => {
            let algorithm = pss_algorithm(&info.algorithm)?;
            Ok(Jwk::from(KeyMaterial::Rsa(rsa_private(private)?)).with_algorithm(algorithm))
        }
        EC => sec1_key(private, Some(curve_of(&info.algorithm)?), backend).map(Into::into),
        oid @ (ED25519 | X25519) => {
            let curve = okp_curve(oid);
            let seed = <&OctetStringRef>::from_der(private)
                .map_err(|_| format("a damaged Ed25519 or X25519 private key"))?
                .as_bytes();
            let public = info
                .public_key
                .as_ref()
                .and_then(der::asn1::BitStringRef::as_bytes);
            let (derived, _) = backend.derive_public(curve, seed)?;
            if public.is_some_and(|public| public != derived) {
                return Err(invalid("d", "does not belong to the public key"));
            }
            Ok(okp(curve, derived, Some(seed)).into())
        }
        other => match ml_dsa::algorithm(other) {
            Some(algorithm) => ml_dsa::private_key(algorithm, private, backend)
                .map(|key| KeyMaterial::Akp(key).into()),
            None => Err(unknown_oid(other)),
        },
    }
}

fn sec1_key(
    bytes: &[u8],
    outer: Option<Curve>,
    backend: &dyn Backend,
) -> Result<KeyMaterial, KeyError> {
    let key = sec1::EcPrivateKey::from_der(bytes)
        .map_err(|_| format("a damaged or unusual SEC 1 private key"))?;
    let inner = key
        .parameters
        .and_then(sec1::EcParameters::named_curve)
        .map(named_curve)
        .transpose()?;
    let curve = match (outer, inner) {
        (Some(outer), Some(inner)) if outer != inner => {
            return Err(invalid("crv", "is named twice, differently"));
        }
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => return Err(invalid("crv", "is missing")),
    };
    let private = padded(key.private_key, curve)?;
    let (x, y) = match key.public_key {
        Some(point) => coordinates(point, curve)?,
        None => backend.derive_public(curve, private.expose())?,
    };
    Ok(KeyMaterial::Ec(EcKey {
        curve,
        x,
        y,
        d: Some(private),
    }))
}

fn spki_key(bytes: &[u8]) -> Result<Jwk, KeyError> {
    let info = SubjectPublicKeyInfoRef::from_der(bytes);
    subject(&info.map_err(|_| format("a damaged SPKI public key"))?)
}

fn subject(info: &SubjectPublicKeyInfoRef<'_>) -> Result<Jwk, KeyError> {
    let damaged = || format("a damaged SPKI public key");
    let public = info.subject_public_key.as_bytes().ok_or_else(damaged)?;
    let rsa = || {
        pkcs1::RsaPublicKeyRef::from_der(public)
            .map(|key| KeyMaterial::Rsa(rsa_public(&key)))
            .map_err(|_| damaged())
    };
    match info.algorithm.oid {
        RSA => Ok(rsa()?.into()),
        RSA_PSS => Ok(Jwk::from(rsa()?).with_algorithm(pss_algorithm(&info.algorithm)?)),
        EC => {
            let curve = curve_of(&info.algorithm)?;
            let (x, y) = coordinates(public, curve)?;
            let d = None;
            Ok(KeyMaterial::Ec(EcKey { curve, x, y, d }).into())
        }
        oid @ (ED25519 | X25519) => Ok(okp(okp_curve(oid), public.to_vec(), None).into()),
        other => match ml_dsa::algorithm(other) {
            Some(algorithm) => Ok(KeyMaterial::Akp(AkpKey {
                algorithm,
                public: public.to_vec(),
                seed: None,
            })
            .into()),
            None => Err(unknown_oid(other)),
        },
    }
}

/// The `SubjectPublicKeyInfo` in a certificate (RFC 5280 §4.1).
fn certificate_spki(bytes: &[u8]) -> der::Result<&[u8]> {
    let mut certificate = SliceReader::new(bytes)?;
    Header::decode(&mut certificate)?
        .tag()
        .assert_eq(Tag::Sequence)?;
    let mut body = SliceReader::new(certificate.tlv_bytes()?)?;
    Header::decode(&mut body)?.tag().assert_eq(Tag::Sequence)?;
    if Tag::peek(&body)?.is_context_specific() {
        body.tlv_bytes()?;
    }
    for _serial_algorithm_issuer_validity_subject in 0..5 {
        body.tlv_bytes()?;
    }
    body.tlv_bytes()
}

fn rsa_public(key: &pkcs1::RsaPublicKeyRef<'_>) -> RsaKey {
    RsaKey {
        n: key.modulus.as_bytes().to_vec(),
        e: key.public_exponent.as_bytes().to_vec(),
        private: None,
    }
}

fn rsa_private(bytes: &[u8]) -> Result<RsaKey, KeyError> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(bytes)
        .map_err(|_| format("a damaged RSA private key"))?;
    if key.other_prime_infos.is_some() {
        return Err(invalid(
            "oth",
            "is not supported: the key has more than two primes",
        ));
    }
    let secret = |number: UintRef<'_>| Secret::new(number.as_bytes().to_vec());
    Ok(RsaKey {
        private: Some(RsaPrivate {
            d: secret(key.private_exponent),
            p: secret(key.prime1),
            q: secret(key.prime2),
            dp: secret(key.exponent1),
            dq: secret(key.exponent2),
            qi: secret(key.coefficient),
        }),
        ..rsa_public(&key.public_key())
    })
}

fn okp_curve(oid: ObjectIdentifier) -> Curve {
    if oid == X25519 {
        Curve::X25519
    } else {
        Curve::Ed25519
    }
}

fn okp(curve: Curve, x: Vec<u8>, seed: Option<&[u8]>) -> KeyMaterial {
    KeyMaterial::Okp(OkpKey {
        curve,
        x,
        d: seed.map(|seed| Secret::new(seed.to_vec())),
    })
}

fn curve_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Curve, KeyError> {
    let parameters = algorithm
        .parameters
        .ok_or_else(|| invalid("crv", "is missing"))?;
    let oid = parameters
        .decode_as::<ObjectIdentifier>()
        .map_err(|_| invalid("crv", "is given by explicit parameters, not by name"))?;
    named_curve(oid)
}

fn named_curve(oid: ObjectIdentifier) -> Result<Curve, KeyError> {
    CURVES
        .into_iter()
        .find_map(|(curve, known)| (known == oid).then_some(curve))
        .ok_or_else(|| invalid("crv", "is not P-256, P-384, P-521 or secp256k1"))
}

/// The coordinates of an uncompressed point.
fn coordinates(point: &[u8], curve: Curve) -> Result<(Vec<u8>, Vec<u8>), KeyError> {
    match point.first() {
        Some(4) => {}
        Some(2 | 3) => {
            return Err(invalid(
                "x",
                "is a compressed point, which is not supported",
            ));
        }
        _ => return Err(invalid("x", "is not a point")),
    }
    crate::backend::split_point(curve, point)
        .ok_or_else(|| invalid("x", "does not have the length of the curve"))
}

/// The scalar in the length of the curve: some writers drop leading zeros.
fn padded(scalar: &[u8], curve: Curve) -> Result<Secret, KeyError> {
    let len = curve.coordinate_len();
    let Some(missing) = len.checked_sub(scalar.len()) else {
        return Err(invalid("d", "does not have the length of the curve"));
    };
    let mut padded = vec![0; missing];
    padded.reserve_exact(scalar.len());
    padded.extend_from_slice(scalar);
    Ok(Secret::new(padded))
}

/// The one PS algorithm that the parameters of an RSASSA-PSS key allow (RFC 4055 §3.1).
fn pss_algorithm(identifier: &AlgorithmIdentifierRef<'_>) -> Result<Algorithm, KeyError> {
    let unfit = || {
        invalid(
            "alg",
            "is RSASSA-PSS with parameters that no PS algorithm has",
        )
    };
    let parameters = identifier
        .parameters
        .ok_or_else(|| {
            invalid(
                "alg",
                "is RSASSA-PSS without parameters; convert the key to plain RSA",
            )
        })?
        .decode_as::<pkcs1::RsaPssParamsOwned>()
        .map_err(|_| unfit())?;
    let (algorithm, salt_len) = match parameters.hash.oid.to_string().as_str() {
        "2.16.840.1.101.3.4.2.1" => (Algorithm::PS256, 32),
        "2.16.840.1.101.3.4.2.2" => (Algorithm::PS384, 48),
        "2.16.840.1.101.3.4.2.3" => (Algorithm::PS512, 64),
        _ => return Err(unfit()),
    };
    let mask = &parameters.mask_gen;
    let mask_hash = mask.parameters.as_ref().map(|inner| inner.oid);
    if mask.oid != MGF1 || mask_hash != Some(parameters.hash.oid) || parameters.salt_len != salt_len
    {
        return Err(unfit());
    }
    Ok(algorithm)
}

fn unknown_oid(oid: ObjectIdentifier) -> KeyError {
    match oid.to_string().as_str() {
        "1.3.101.111" => format("this is an X448 key, which is not supported"),
        "1.3.101.113" => format("this is an Ed448 key, which is not supported"),
        "1.2.840.10040.4.1" => format("this is a DSA key, which JOSE has no algorithm for"),
        _ => format("the key's type is none of RSA, EC, Ed25519, X25519, ML-DSA"),
    }
}

fn format(reason: &'static str) -> KeyError {
    KeyError::Format { reason }
}
