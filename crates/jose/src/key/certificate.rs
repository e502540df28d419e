//! X.509 certificates as keys carry them (RFC 7517 §4.7 to §4.9).
//!
//! A certificate is shown, compared and pinned here; [`TrustAnchors`](crate::key::TrustAnchors)
//! follows chains. What is trusted is exactly what the caller names.

use core::fmt;

use base64ct::{Base64, Encoding};
use der::Decode;
use sha1::{Digest as _, Sha1};
use x509_cert::time::Time;

use crate::alg::Hash;
use crate::backend::Backend;
use crate::base64url;
use crate::json::{Document, Options, Value};
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyMaterial, der as key_der, pem};
use crate::time::UnixTime;

/// Most certificates of a chain.
const LONGEST_CHAIN: usize = 10;
/// Most certificates of a file.
const MOST_CERTIFICATES: usize = 100;
/// Longest certificate in bytes.
const LONGEST_CERTIFICATE: usize = 64 * 1024;

/// A certificate, read but not verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    issuer: String,
    not_before: UnixTime,
    not_after: UnixTime,
    key: Jwk,
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// It is longer than 64 KiB, no certificate of RFC 5280, or carries a key that JOSE has no
    /// algorithm for.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let damaged = KeyError::Format {
            reason: "a damaged or unusual X.509 certificate",
        };
        if der.len() > LONGEST_CERTIFICATE {
            return Err(damaged);
        }
        let certificate = x509_cert::Certificate::from_der(der).map_err(|_| damaged)?;
        let body = certificate.tbs_certificate();
        Ok(Self {
            der: der.to_vec(),
            subject: body.subject().to_string(),
            issuer: body.issuer().to_string(),
            not_before: unix_time(body.validity().not_before),
            not_after: unix_time(body.validity().not_after),
            key: key_der::read_certificate(der)?,
        })
    }

    /// Reads all certificates of a file: one in DER, or those of PEM blocks, in their order.
    ///
    /// # Errors
    /// There is none, there are more than a hundred, or one cannot be read.
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Self>, KeyError> {
        if !pem::is_pem(bytes) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let all = pem::certificates(bytes, MOST_CERTIFICATES)?;
        all.iter().map(|der| Self::from_der(der)).collect()
    }

    /// Reads an `x5c` (RFC 7515 §4.1.6), the signer's certificate first.
    ///
    /// # Errors
    /// It is not an array of one to ten strings of base64, or one of them is no certificate.
    pub fn read_chain(x5c: Value<'_>) -> Result<Vec<Self>, KeyError> {
        let chain = decode_chain(x5c)?;
        if chain.is_empty() {
            return Err(invalid("is empty"));
        }
        chain.iter().map(|der| Self::from_der(der)).collect()
    }

    /// The subject's name in the form of RFC 4514. Anybody can write any name into a certificate.
    pub fn unverified_subject(&self) -> &str {
        &self.subject
    }

    /// The issuer's name in the form of RFC 4514, equally unproven.
    pub fn unverified_issuer(&self) -> &str {
        &self.issuer
    }

    /// The first second at which it is valid.
    pub fn not_before(&self) -> UnixTime {
        self.not_before
    }

    /// The last second at which it is valid.
    pub fn not_after(&self) -> UnixTime {
        self.not_after
    }

    /// Whether `now` lies in its validity.
    pub fn is_valid_at(&self, now: UnixTime) -> bool {
        self.not_before <= now && now.seconds() <= self.not_after.seconds()
    }

    /// The key in it.
    pub fn key(&self) -> &Jwk {
        &self.key
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The `x5t#S256` (RFC 7517 §4.9).
    pub fn thumbprint(&self, backend: &dyn Backend) -> String {
        base64url::encode(backend.digest(Hash::Sha256, &self.der).as_ref())
    }

    /// The `x5t` (RFC 7517 §4.8). SHA-1 names certificates in old systems; it proves nothing.
    pub fn sha1_thumbprint(&self) -> String {
        base64url::encode(&Sha1::digest(&self.der))
    }

    /// Whether it is, byte for byte, one of `anchors`, and valid at `now`.
    pub fn is_pinned(&self, anchors: &[Self], now: UnixTime) -> bool {
        self.is_valid_at(now) && anchors.iter().any(|anchor| anchor.der == self.der)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

impl Jwk {
    /// The certificates of `x5c`, the one of this key first; none if there is no `x5c`. Where
    /// `x5t` and `x5t#S256` stand beside it, they are compared.
    ///
    /// # Errors
    /// A certificate is damaged, or a thumbprint is of another one. That the first certificate
    /// holds this very key was checked when the key was read.
    pub fn certificates(&self, backend: &dyn Backend) -> Result<Vec<Certificate>, KeyError> {
        let Some(chain) = self.member("x5c") else {
            return Ok(Vec::new());
        };
        let document = Document::parse(chain.as_bytes(), &Options::strict())?;
        let certificates = decode_chain(document.root())?
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = certificates.first() {
            self.compare("x5t#S256", &first.thumbprint(backend))?;
            self.compare("x5t", &first.sha1_thumbprint())?;
        }
        Ok(certificates)
    }

    fn compare(&self, member: &'static str, thumbprint: &str) -> Result<(), KeyError> {
        let Some(json) = self.member(member) else {
            return Ok(());
        };
        let document = Document::parse(json.as_bytes(), &Options::strict())?;
        if document.root().as_str() == Some(thumbprint) {
            return Ok(());
        }
        Err(KeyError::Invalid {
            member,
            problem: "is not the thumbprint of the first certificate of `x5c`",
        })
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.members()
            .iter()
            .find(|member| member.name == name)
            .map(|member| member.json.as_str())
    }
}

/// Whether the first certificate of an `x5c` holds the very key beside it (RFC 7517 §4.7).
pub(crate) fn check_chain(chain: Value<'_>, key: &KeyMaterial) -> Result<(), KeyError> {
    let chain = decode_chain(chain)?;
    let first = chain.first().ok_or_else(|| invalid("is empty"))?;
    let holder = key_der::read_certificate(first)
        .map_err(|_| invalid("does not begin with a certificate of a key known here"))?;
    if key.public().as_ref() == Some(holder.material()) {
        Ok(())
    } else {
        Err(invalid("is the certificate of another key"))
    }
}

/// Standard base64 with padding, unlike all else in a JWK (RFC 7517 §4.7).
fn decode_chain(chain: Value<'_>) -> Result<Vec<Vec<u8>>, KeyError> {
    let chain = chain
        .as_array()
        .ok_or_else(|| invalid("is not an array of strings"))?;
    if chain.len() > LONGEST_CHAIN {
        return Err(invalid("has more than ten certificates"));
    }
    chain
        .iter()
        .map(|item| {
            let text = item
                .as_str()
                .ok_or_else(|| invalid("is not an array of strings"))?;
            Base64::decode_vec(text).map_err(|_| invalid("is not base64 of certificates"))
        })
        .collect()
}

fn unix_time(time: Time) -> UnixTime {
    UnixTime::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

fn invalid(problem: &'static str) -> KeyError {
    KeyError::Invalid {
        member: "x5c",
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::tests::backends;
    use crate::key::testdata::{
        P256_CERTIFICATE, P256_SPKI, P384_PKCS8, RSA_CERTIFICATE, read_one,
    };

    fn der(pem: &str) -> Vec<u8> {
        pem_rfc7468::decode_vec(pem.as_bytes()).unwrap().1
    }

    fn jwk(key: &Jwk, more: &str) -> Result<Jwk, KeyError> {
        let json = key.to_public_json().unwrap();
        let open = json.strip_suffix('}').unwrap();
        Jwk::parse(format!("{open},{more}}}").as_bytes())
    }

    fn x5c(chain: &[&[u8]]) -> String {
        let items: Vec<_> = chain
            .iter()
            .map(|der| format!("\"{}\"", Base64::encode_string(der)))
            .collect();
        format!("\"x5c\":[{}]", items.join(","))
    }

    #[test]
    fn a_certificate_shows_what_it_says() {
        for backend in backends() {
            let certificate = Certificate::from_der(&der(P256_CERTIFICATE)).unwrap();
            assert_eq!(certificate.unverified_subject(), "CN=leaf");
            assert_eq!(certificate.unverified_issuer(), "CN=leaf");
            assert_eq!(certificate.key(), &read_one(P256_SPKI, backend));
            // 2026-11-22T00:22:36Z and 2126-10-29T00:22:36Z.
            let (first, last) = (1_795_306_956, 4_948_906_956);
            assert_eq!(certificate.not_before().seconds(), first);
            assert_eq!(certificate.not_after().seconds(), last);
            for (second, valid) in [(first - 1, false), (first, true), (last, true)] {
                let now = UnixTime::from_seconds(second);
                assert_eq!(certificate.is_valid_at(now), valid);
                assert_eq!(
                    certificate.is_pinned(core::slice::from_ref(&certificate), now),
                    valid
                );
            }
            let now = UnixTime::from_seconds(first);
            let other = Certificate::from_der(&der(RSA_CERTIFICATE)).unwrap();
            assert!(!certificate.is_pinned(&[other], now));
            assert!(!certificate.is_pinned(&[], now));
            assert!(!format!("{certificate:?}").contains("leaf"));
        }
    }

    #[test]
    fn the_first_certificate_must_hold_the_key() {
        let (p256, rsa) = (der(P256_CERTIFICATE), der(RSA_CERTIFICATE));
        for backend in backends() {
            let key = read_one(P256_SPKI, backend);
            let found = jwk(&key, &x5c(&[&p256, &rsa])).unwrap();
            let chain = found.certificates(backend).unwrap();
            assert_eq!(chain.len(), 2);
            assert_eq!(chain[0].der(), p256);

            let other = read_one(P384_PKCS8, backend);
            for (key, chain) in [(&key, &[&rsa[..], &p256][..]), (&other, &[&p256])] {
                let error = jwk(key, &x5c(chain)).unwrap_err();
                assert_eq!(
                    error.to_string(),
                    "key member `x5c` is the certificate of another key"
                );
            }
            for (more, problem) in [
                (x5c(&[]), "is empty"),
                (x5c(&[b"abc"]), "does not begin with a certificate"),
                (x5c(&[&p256[..]; 11]), "more than ten"),
                ("\"x5c\":[\"!\"]".to_owned(), "is not base64"),
                ("\"x5c\":\"abc\"".to_owned(), "is not an array of strings"),
                ("\"x5c\":[1]".to_owned(), "is not an array of strings"),
            ] {
                let error = jwk(&key, &more).unwrap_err().to_string();
                assert!(error.contains(problem), "{error}");
            }
            let damaged = jwk(&key, &x5c(&[&p256, b"abc"])).unwrap();
            assert!(damaged.certificates(backend).is_err());
            assert_eq!(key.certificates(backend), Ok(Vec::new()));
        }
        let secret = format!("{{\"kty\":\"oct\",\"k\":\"AAAA\",{}}}", x5c(&[&p256]));
        assert!(Jwk::parse(secret.as_bytes()).is_err());
    }

    #[test]
    fn thumbprints_beside_the_chain_are_compared() {
        let p256 = der(P256_CERTIFICATE);
        // As `openssl x509 -fingerprint` prints them.
        let sha256 = "XaIh3f3gDC69SWdDTwvMRepBQ-0Ps6dCGGtw4cuu3_k";
        let sha1 = "n70fTLHibnjV6F3fZQmXfHQWWhY";
        for backend in backends() {
            let key = read_one(P256_SPKI, backend);
            let with = |x5t: &str, s256: &str| {
                let more = format!(
                    "{},\"x5t\":\"{x5t}\",\"x5t#S256\":\"{s256}\"",
                    x5c(&[&p256])
                );
                jwk(&key, &more).unwrap().certificates(backend)
            };
            assert_eq!(with(sha1, sha256).unwrap().len(), 1);
            for (x5t, s256, member) in [
                (
                    sha1,
                    "XaIh3f3gDC69SWdDTwvMRepBQ-0Ps6dCGGtw4cuu3_g",
                    "x5t#S256",
                ),
                ("n70fTLHibnjV6F3fZQmXfHQWWhZ", sha256, "x5t"),
            ] {
                let error = with(x5t, s256).unwrap_err().to_string();
                assert!(error.contains(&format!("`{member}`")), "{error}");
            }
        }
    }
}
