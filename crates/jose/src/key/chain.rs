//! Certificate chains: whether one leads to an authority that the caller trusts (RFC 5280 §6).
//!
//! `rustls-webpki` builds and checks the path, with signatures computed by the caller's backend.
//! What it leaves out for the web is asked for here: `keyUsage`, and that an anchor may issue.

use core::fmt;
use core::time::Duration;

use der::{Decode, Sequence, asn1::UintRef};
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    UnixTime as PkiTime, alg_id,
};
use webpki::{
    EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert,
};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use crate::alg::{Algorithm, Family};
use crate::backend::Backend;
use crate::key::{Certificate, KeyError, VerifyingKey, der as key_der};
use crate::time::UnixTime;

/// Most anchors that a chain is held against.
const MOST_ANCHORS: usize = 100;

/// The certificates that the caller trusts: authorities, for all that they sign, and others, for
/// themselves alone. Revocation is not looked at.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors {
    certificates: Vec<Certificate>,
}

impl TrustAnchors {
    /// Trusts these. Only a certificate that says so itself (`cA` of `basicConstraints`, and
    /// `keyCertSign` where there is a `keyUsage`) is an authority.
    ///
    /// # Errors
    /// There are none, or more than a hundred.
    pub fn new(certificates: Vec<Certificate>) -> Result<Self, KeyError> {
        if certificates.is_empty() || certificates.len() > MOST_ANCHORS {
            return Err(KeyError::Format {
                reason: "expected one to a hundred certificates as anchors",
            });
        }
        Ok(Self { certificates })
    }

    /// Yields the signer's certificate, the first of `chain`, if it is an anchor itself or if the
    /// others lead from it to one: each valid at `now`, each but the first an authority that may
    /// sign certificates, within its path length and name constraints, no critical extension
    /// unknown, each signature good under a key that is strong enough. The first must be allowed
    /// to sign; what else it is for (`extendedKeyUsage`) is not asked.
    ///
    /// # Errors
    /// [`KeyError::Untrusted`] with the reason.
    pub fn verify<'c>(
        &self,
        chain: &'c [Certificate],
        now: UnixTime,
        backend: &dyn Backend,
    ) -> Result<&'c Certificate, KeyError> {
        let (first, rest) = chain
            .split_first()
            .ok_or_else(|| untrusted("it is empty"))?;
        may_sign(first)?;
        if first.is_pinned(&self.certificates, now) {
            return Ok(first);
        }
        let time = u64::try_from(now.seconds())
            .map(|seconds| PkiTime::since_unix_epoch(Duration::from_secs(seconds)))
            .map_err(|_| untrusted("the time lies before 1970"))?;
        for authority in rest {
            if !may_issue(authority) {
                return Err(untrusted(
                    "a certificate that is no authority stands among them",
                ));
            }
        }
        let others: Vec<_> = rest
            .iter()
            .map(|one| CertificateDer::from(one.der()))
            .collect();
        let path = Path {
            first: CertificateDer::from(first.der()),
            others,
            time,
            backend,
        };
        // That another anchor is not the one says less than why one fails.
        let mut problem = NO_ANCHOR;
        for anchor in &self.certificates {
            match path.reaches(anchor, now) {
                Ok(()) => return Ok(first),
                Err(found) if problem == NO_ANCHOR => problem = found,
                Err(_) => {}
            }
        }
        Err(untrusted(problem))
    }
}

const NO_ANCHOR: &str = "it leads to none of the anchors";

struct Path<'p> {
    first: CertificateDer<'p>,
    others: Vec<CertificateDer<'p>>,
    time: PkiTime,
    backend: &'p dyn Backend,
}

impl Path<'_> {
    fn reaches(&self, anchor: &Certificate, now: UnixTime) -> Result<(), &'static str> {
        let Some(limits) = issuer(anchor) else {
            return Err(NO_ANCHOR);
        };
        let der = CertificateDer::from(anchor.der());
        let trusted = [anchor_from_trusted_cert(&der).map_err(|error| problem(&error))?];
        let algorithms: Vec<_> = ALGORITHMS
            .iter()
            .map(|(algorithm, key, signature)| CertificateSignature {
                algorithm: *algorithm,
                key: *key,
                signature: *signature,
                backend: self.backend,
            })
            .collect();
        let algorithms: Vec<&dyn SignatureVerificationAlgorithm> = algorithms
            .iter()
            .map(|one| one as &dyn SignatureVerificationAlgorithm)
            .collect();
        let signer = EndEntityCert::try_from(&self.first).map_err(|error| problem(&error))?;
        let path = signer
            .verify_for_usage(
                &algorithms,
                &trusted,
                &self.others,
                self.time,
                AnyPurpose,
                None,
                None,
            )
            .map_err(|error| problem(&error))?;
        if !anchor.is_valid_at(now) {
            return Err("the anchor that it leads to is not valid at this time");
        }
        let between = path.intermediate_certificates().count();
        match limits.path_len_constraint {
            Some(most) if between > usize::from(most) => Err(TOO_LONG),
            _ => Ok(()),
        }
    }
}

/// Its constraints, if it is an authority that may sign certificates.
fn issuer(certificate: &Certificate) -> Option<BasicConstraints> {
    let read = x509_cert::Certificate::from_der(certificate.der()).ok()?;
    let body = read.tbs_certificate();
    let (_, constraints) = body.get_extension::<BasicConstraints>().ok()??;
    let usage = body.get_extension::<KeyUsage>().ok()?;
    let signs = usage.is_none_or(|(_, usage)| usage.key_cert_sign());
    (constraints.ca && signs).then_some(constraints)
}

fn may_issue(certificate: &Certificate) -> bool {
    issuer(certificate).is_some()
}

/// Where there is a `keyUsage`, it must be for signatures (RFC 5280 §4.2.1.3).
fn may_sign(certificate: &Certificate) -> Result<(), KeyError> {
    let damaged = || untrusted("a certificate is damaged or unusual");
    let read = x509_cert::Certificate::from_der(certificate.der()).map_err(|_| damaged())?;
    let usage = read.tbs_certificate().get_extension::<KeyUsage>();
    match usage.map_err(|_| damaged())? {
        Some((_, usage)) if !usage.digital_signature() && !usage.non_repudiation() => Err(
            untrusted("the `keyUsage` of its first certificate is not for signatures"),
        ),
        _ => Ok(()),
    }
}

fn untrusted(problem: &'static str) -> KeyError {
    KeyError::Untrusted { problem }
}

const TOO_LONG: &str = "it is longer than an authority in it allows";

fn problem(error: &webpki::Error) -> &'static str {
    use webpki::Error;
    match error {
        Error::UnknownIssuer => NO_ANCHOR,
        Error::CertExpired { .. } => "a certificate has expired",
        Error::CertNotValidYet { .. } => "a certificate is not valid yet",
        Error::CaUsedAsEndEntity => "its first certificate is that of an authority",
        Error::EndEntityUsedAsCa => "a certificate that is no authority has signed another",
        Error::PathLenConstraintViolated | Error::MaximumPathDepthExceeded => TOO_LONG,
        Error::InvalidSignatureForPublicKey => "a signature in it is not good",
        Error::NameConstraintViolation => "a name in it is outside an authority's constraints",
        Error::UnsupportedCriticalExtension => "it has a critical extension that is not known",
        Error::SignatureAlgorithmMismatch
        | Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a certificate is signed with an algorithm that is not accepted"
        }
        Error::UnsupportedCertVersion => "a certificate is not of X.509 version 3",
        _ => "a certificate is damaged or unusual",
    }
}

/// A chain is of signers of tokens, which `extendedKeyUsage` has no name for.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        purposes
            .into_iter()
            .try_for_each(|purpose| purpose.map(drop))
    }
}

/// The algorithms of keys and of signatures in certificates that JOSE has too.
const ALGORITHMS: [(Algorithm, AlgorithmIdentifier, AlgorithmIdentifier); 13] = [
    (Algorithm::ES256, alg_id::ECDSA_P256, alg_id::ECDSA_SHA256),
    (Algorithm::ES384, alg_id::ECDSA_P384, alg_id::ECDSA_SHA384),
    (Algorithm::ES512, alg_id::ECDSA_P521, alg_id::ECDSA_SHA512),
    (Algorithm::Ed25519, alg_id::ED25519, alg_id::ED25519),
    (
        Algorithm::RS256,
        alg_id::RSA_ENCRYPTION,
        alg_id::RSA_PKCS1_SHA256,
    ),
    (
        Algorithm::RS384,
        alg_id::RSA_ENCRYPTION,
        alg_id::RSA_PKCS1_SHA384,
    ),
    (
        Algorithm::RS512,
        alg_id::RSA_ENCRYPTION,
        alg_id::RSA_PKCS1_SHA512,
    ),
    (
        Algorithm::PS256,
        alg_id::RSA_ENCRYPTION,
        alg_id::RSA_PSS_SHA256,
    ),
    (
        Algorithm::PS384,
        alg_id::RSA_ENCRYPTION,
        alg_id::RSA_PSS_SHA384,
    ),
    (
        Algorithm::PS512,
        alg_id::RSA_ENCRYPTION,
        alg_id::RSA_PSS_SHA512,
    ),
    (Algorithm::MlDsa44, alg_id::ML_DSA_44, alg_id::ML_DSA_44),
    (Algorithm::MlDsa65, alg_id::ML_DSA_65, alg_id::ML_DSA_65),
    (Algorithm::MlDsa87, alg_id::ML_DSA_87, alg_id::ML_DSA_87),
];

/// The signature on a certificate, as a backend verifies it.
struct CertificateSignature<'b> {
    algorithm: Algorithm,
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    backend: &'b dyn Backend,
}

impl fmt::Debug for CertificateSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateSignature({})", self.algorithm)
    }
}

impl SignatureVerificationAlgorithm for CertificateSignature<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = key_der::subject_key(self.key.as_ref(), public_key);
        let key = key.map_err(|_| InvalidSignature)?;
        let key = VerifyingKey::new(&key, self.algorithm, self.backend);
        let key = key.map_err(|_| InvalidSignature)?;
        let good = if self.algorithm.row().family == Family::Ecdsa {
            let joined = joined(signature, key.signature_len()).ok_or(InvalidSignature)?;
            key.verify(message, &joined)
        } else {
            key.verify(message, signature)
        };
        if good { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// `r` and `s` as certificates have them (RFC 3279 §2.2.3).
#[derive(Sequence)]
struct EcdsaSignature<'s> {
    r: UintRef<'s>,
    s: UintRef<'s>,
}

/// The same as JOSE has them (RFC 7518 §3.4), in `len` bytes.
fn joined(signature: &[u8], len: usize) -> Option<Vec<u8>> {
    let read = EcdsaSignature::from_der(signature).ok()?;
    let half = len / 2;
    let mut joined = Vec::with_capacity(len);
    for number in [read.r.as_bytes(), read.s.as_bytes()] {
        let zeros = half.checked_sub(number.len())?;
        joined.resize(joined.len() + zeros, 0);
        joined.extend_from_slice(number);
    }
    Some(joined)
}

#[cfg(test)]
mod tests;
