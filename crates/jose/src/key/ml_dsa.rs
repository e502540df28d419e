//! ML-DSA keys as RFC 9881 puts them into SPKI and PKCS#8.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader as _, SliceReader, Tag, TagNumber};

use crate::alg::Algorithm;
use crate::backend::Backend;
use crate::key::{AkpKey, KeyError};
use crate::secret::Secret;

const ALGORITHMS: [(Algorithm, ObjectIdentifier); 3] = [
    (
        Algorithm::MlDsa44,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"),
    ),
    (
        Algorithm::MlDsa65,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"),
    ),
    (
        Algorithm::MlDsa87,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"),
    ),
];

/// `[0] IMPLICIT OCTET STRING`, the form that holds the seed alone.
const SEED: Tag = Tag::ContextSpecific {
    constructed: false,
    number: TagNumber(0),
};
const SEED_LEN: u8 = 32;
/// Both the public and the expanded private key begin with these many bytes of the same value.
const RHO_LEN: usize = 32;

pub(super) fn algorithm(oid: ObjectIdentifier) -> Option<Algorithm> {
    ALGORITHMS
        .into_iter()
        .find_map(|(algorithm, known)| (known == oid).then_some(algorithm))
}

pub(super) fn oid(algorithm: Algorithm) -> Option<ObjectIdentifier> {
    ALGORITHMS
        .into_iter()
        .find_map(|(known, oid)| (known == algorithm).then_some(oid))
}

/// Reads an `ML-DSA-PrivateKey` (RFC 9881 §6). JOSE knows the seed only (RFC 9964 §3), so the
/// form without it is refused.
pub(super) fn private_key(
    algorithm: Algorithm,
    bytes: &[u8],
    backend: &dyn Backend,
) -> Result<AkpKey, KeyError> {
    let choice = AnyRef::from_der(bytes).map_err(|_| damaged())?;
    let (seed, expanded) = match choice.header().tag() {
        tag if tag == SEED => (choice.value(), None),
        Tag::Sequence => {
            let (seed, expanded) = both(choice.value()).map_err(|_| damaged())?;
            (seed, Some(expanded))
        }
        Tag::OctetString => {
            return Err(KeyError::Format {
                reason: "this ML-DSA key is expanded and has no seed, which JOSE needs",
            });
        }
        _ => return Err(damaged()),
    };
    if seed.len() != usize::from(SEED_LEN) {
        return Err(KeyError::Invalid {
            member: "priv",
            problem: "does not have 32 bytes",
        });
    }
    let public = backend.expand_seed(algorithm, seed)?;
    if expanded.is_some_and(|expanded| expanded.get(..RHO_LEN) != public.get(..RHO_LEN)) {
        return Err(KeyError::Invalid {
            member: "priv",
            problem: "does not belong to the expanded key beside it",
        });
    }
    Ok(AkpKey {
        algorithm,
        public,
        seed: Some(Secret::new(seed.to_vec())),
    })
}

/// The form that holds the seed alone, as RFC 9881 §6 recommends it.
pub(super) fn write_seed(seed: &Secret) -> Secret {
    let mut encoded = Vec::with_capacity(2 + seed.len());
    encoded.extend([0x80, SEED_LEN]);
    encoded.extend_from_slice(seed.expose());
    Secret::new(encoded)
}

fn both(bytes: &[u8]) -> der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(bytes)?;
    let seed = <&OctetStringRef>::decode(&mut reader)?;
    let expanded = <&OctetStringRef>::decode(&mut reader)?;
    reader.finish()?;
    Ok((seed.as_bytes(), expanded.as_bytes()))
}

fn damaged() -> KeyError {
    KeyError::Format {
        reason: "a damaged ML-DSA private key",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::GenerateKind;
    use crate::backend::tests::backends;
    use crate::jwk::Jwk;
    use crate::key::{KeyForm, KeyMaterial, Structure, generate, read, write};

    fn fresh(algorithm: Algorithm, backend: &dyn Backend) -> AkpKey {
        match generate(GenerateKind::Akp(algorithm), backend).unwrap() {
            KeyMaterial::Akp(key) => key,
            other => panic!("{other:?}"),
        }
    }

    /// The PKCS#8 text of a key with other private octets.
    fn with_private(key: &AkpKey, private: &[u8], backend: &dyn Backend) -> Result<Jwk, KeyError> {
        use der::Encode;
        let info = pkcs8::PrivateKeyInfoRef::new(
            spki::AlgorithmIdentifierRef {
                oid: oid(key.algorithm).unwrap(),
                parameters: None,
            },
            OctetStringRef::new(private).unwrap(),
        );
        read(&info.to_der().unwrap(), backend).map(|mut found| found.keys.remove(0))
    }

    #[test]
    fn files_round_trip_in_every_form() {
        for backend in backends() {
            for (algorithm, _) in ALGORITHMS {
                let jwk = Jwk::from(KeyMaterial::Akp(fresh(algorithm, backend)));
                let public = jwk.public().unwrap();
                for (key, structure) in [(&jwk, Structure::Pkcs8), (&public, Structure::Spki)] {
                    for form in [
                        KeyForm::Pem(structure),
                        KeyForm::Der(structure),
                        KeyForm::Jwk,
                    ] {
                        let file = write(key, form).unwrap();
                        let found = read(file.expose(), backend).unwrap();
                        assert_eq!(found.form, form);
                        assert_eq!(found.keys, core::slice::from_ref(key), "{algorithm} {form}");
                    }
                }
                assert!(!public.to_json().contains("priv"));
            }
        }
    }

    #[test]
    fn the_seed_may_stand_beside_the_expanded_key_but_not_be_missing() {
        for backend in backends() {
            let key = fresh(Algorithm::MlDsa44, backend);
            let seed = key.seed.clone().unwrap();
            let both = |rho: &[u8]| {
                let mut expanded = rho.to_vec();
                expanded.resize(2560, 7);
                let mut text = vec![0x30, 0x82, 0x0a, 0x26, 0x04, 0x20];
                text.extend_from_slice(seed.expose());
                text.extend([0x04, 0x82, 0x0a, 0x00]);
                text.extend_from_slice(&expanded);
                text
            };
            let found = with_private(&key, &both(&key.public[..32]), backend).unwrap();
            assert_eq!(found.material(), &KeyMaterial::Akp(key.clone()));
            let expanded_only = [&[0x04, 0x82, 0x0a, 0x00][..], &[5; 2560]].concat();
            let cases: [(&[u8], &str); 5] = [
                (&both(&[9; 32]), "does not belong to the expanded key"),
                (&expanded_only, "has no seed"),
                (&[0x80, 0x02, 1, 2], "does not have 32 bytes"),
                (&[0x02, 0x01, 1], "damaged"),
                (&[], "damaged"),
            ];
            for (private, problem) in cases {
                let error = with_private(&key, private, backend)
                    .unwrap_err()
                    .to_string();
                assert!(error.contains(problem), "{error}");
            }
        }
    }

    #[test]
    fn halves_must_belong_together() {
        for backend in backends() {
            let key = fresh(Algorithm::MlDsa65, backend);
            let other = AkpKey {
                seed: fresh(Algorithm::MlDsa65, backend).seed,
                ..key
            };
            let jwk = Jwk::from(KeyMaterial::Akp(other));
            let error = crate::key::SigningKey::new(&jwk, Algorithm::MlDsa65, backend).unwrap_err();
            assert_eq!(
                error.to_string(),
                "key member `priv` does not belong to the public key"
            );
        }
    }
}
