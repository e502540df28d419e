//! OpenSSH public keys: a line of a type, base64 and a comment (RFC 4253 §6.6, RFC 5656 §3.1,
//! RFC 8709 §4).

use base64ct::{Base64, Encoding};

use crate::alg::Curve;
use crate::jwk::Jwk;
use crate::key::{
    EcKey, KeyError, KeyForm, KeyMaterial, OkpKey, ReadKeys, RsaKey, Skipped, strength,
};

const TYPES: [(&str, Kind); 5] = [
    ("ssh-rsa", Kind::Rsa),
    ("ssh-ed25519", Kind::Ed25519),
    ("ecdsa-sha2-nistp256", Kind::Ecdsa("nistp256", Curve::P256)),
    ("ecdsa-sha2-nistp384", Kind::Ecdsa("nistp384", Curve::P384)),
    ("ecdsa-sha2-nistp521", Kind::Ecdsa("nistp521", Curve::P521)),
];

#[derive(Clone, Copy)]
enum Kind {
    Rsa,
    Ed25519,
    /// SSH's name of the curve, and JOSE's.
    Ecdsa(&'static str, Curve),
}

/// Whether the text begins with the type of an OpenSSH key, a supported one or not.
pub(super) fn is_openssh(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        .iter()
        .any(|prefix| text.starts_with(prefix.as_bytes()))
}

/// Reads the key of the first line; further ones are reported as skipped.
pub(super) fn read(bytes: &[u8]) -> Result<ReadKeys, KeyError> {
    let text = core::str::from_utf8(bytes).map_err(|_| damaged())?;
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let key = read_line(lines.next().ok_or_else(damaged)?)?;
    let mut found = ReadKeys::one(KeyForm::OpenSsh, key);
    found.skipped = lines
        .enumerate()
        .map(|(position, _)| Skipped {
            index: position + 1,
            key_id: None,
            error: KeyError::Surplus {
                what: "a further public key",
            },
        })
        .collect();
    Ok(found)
}

fn read_line(line: &str) -> Result<Jwk, KeyError> {
    let mut words = line.split_ascii_whitespace();
    let name = words.next().ok_or_else(damaged)?;
    let kind = TYPES
        .into_iter()
        .find_map(|(known, kind)| (known == name).then_some(kind))
        .ok_or_else(|| format(unsupported(name)))?;
    let blob = Base64::decode_vec(words.next().ok_or_else(damaged)?).map_err(|_| damaged())?;
    let material = Wire(&blob).key(name, kind).ok_or_else(damaged)?;
    strength::check_numbers(&material)?;
    Ok(material.into())
}

/// What is left of the binary form (RFC 4251 §5).
struct Wire<'b>(&'b [u8]);

impl<'b> Wire<'b> {
    fn key(mut self, name: &str, kind: Kind) -> Option<KeyMaterial> {
        if self.string()? != name.as_bytes() {
            return None;
        }
        let material = match kind {
            Kind::Rsa => {
                let e = self.positive()?.to_vec();
                let n = self.positive()?.to_vec();
                let private = None;
                KeyMaterial::Rsa(RsaKey { n, e, private })
            }
            Kind::Ed25519 => KeyMaterial::Okp(OkpKey {
                curve: Curve::Ed25519,
                x: self.string()?.to_vec(),
                d: None,
            }),
            Kind::Ecdsa(curve_name, curve) => {
                if self.string()? != curve_name.as_bytes() {
                    return None;
                }
                let (x, y) = crate::backend::split_point(curve, self.string()?)?;
                let d = None;
                KeyMaterial::Ec(EcKey { curve, x, y, d })
            }
        };
        self.0.is_empty().then_some(material)
    }

    /// Four bytes of length, then as many bytes.
    fn string(&mut self) -> Option<&'b [u8]> {
        let (len, rest) = self.0.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        let (string, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some(string)
    }

    /// A positive number in the least bytes, without the zero that keeps its sign.
    fn positive(&mut self) -> Option<&'b [u8]> {
        match self.string()? {
            [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Some(rest),
            number @ [1..=0x7f, ..] => Some(number),
            _ => None,
        }
    }
}

fn unsupported(name: &str) -> &'static str {
    if name.starts_with("sk-") {
        "this OpenSSH key lives in a security key, whose signatures JOSE does not know"
    } else if name.ends_with("-cert-v01@openssh.com") {
        "this is an OpenSSH certificate, which is not supported"
    } else if name == "ssh-dss" {
        "this is a DSA key, which JOSE has no algorithm for"
    } else {
        "this OpenSSH key is of an unknown type"
    }
}

fn damaged() -> KeyError {
    format("a damaged OpenSSH public key")
}

fn format(reason: &'static str) -> KeyError {
    KeyError::Format { reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::tests::backends;
    use crate::key::read;
    use crate::key::testdata::{
        ED25519_SPKI, OPENSSH, P256_SPKI, P384_PKCS8, P521_PKCS8, RSA_SPKI, read_one,
    };

    fn wire(parts: &[&[u8]]) -> String {
        let mut blob = Vec::new();
        for part in parts {
            blob.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
            blob.extend_from_slice(part);
        }
        Base64::encode_string(&blob)
    }

    #[test]
    fn each_type_is_the_key_of_the_other_forms() {
        for backend in backends() {
            let expected = [RSA_SPKI, P256_SPKI, P384_PKCS8, P521_PKCS8, ED25519_SPKI];
            for (line, other) in OPENSSH.lines().zip(expected) {
                let found = read(line.as_bytes(), backend).unwrap();
                assert_eq!(found.form, KeyForm::OpenSsh);
                let other = read_one(other, backend).public().unwrap();
                assert_eq!(found.keys, [other], "{line}");
            }
            let found = read(OPENSSH.as_bytes(), backend).unwrap();
            assert_eq!((found.keys.len(), found.skipped.len()), (1, 4));
        }
    }

    #[test]
    fn lines_that_lie_are_refused() {
        let ed25519 = [9_u8; 32];
        for (name, parts) in [
            ("ssh-ed25519", [&b"ssh-rsa"[..], &ed25519].as_slice()),
            ("ssh-ed25519", &[b"ssh-ed25519", &ed25519, b""]),
            ("ssh-ed25519", &[b"ssh-ed25519", &ed25519[..31]]),
            ("ssh-ed25519", &[b"ssh-ed25519"]),
            ("ssh-rsa", &[b"ssh-rsa", &[1, 0, 1], &[0x80; 256]]),
            ("ssh-rsa", &[b"ssh-rsa", &[0, 1, 0, 1], &[0x7f; 256]]),
            ("ssh-rsa", &[b"ssh-rsa", &[], &[0x7f; 256]]),
            (
                "ecdsa-sha2-nistp256",
                &[b"ecdsa-sha2-nistp256", b"nistp384", &[4; 65]],
            ),
            (
                "ecdsa-sha2-nistp256",
                &[b"ecdsa-sha2-nistp256", b"nistp256", &[2; 33]],
            ),
        ] {
            let line = format!("{name} {}", wire(parts));
            for backend in backends() {
                assert!(read(line.as_bytes(), backend).is_err(), "{line}");
            }
        }
        for backend in backends() {
            assert!(read(b"ssh-ed25519", backend).is_err());
            assert!(read(b"ssh-rsa /////w==", backend).is_err());
        }
    }
}
