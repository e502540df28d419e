//! JWKs from JSON (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, RFC 9964 §3), strictly.

use crate::alg::{Algorithm, Curve, KeyType};
use crate::base64url;
use crate::json::{Document, Object, Options, Value};
use crate::jwk::{Jwk, Member};
use crate::key::{
    AkpKey, EcKey, KeyError, KeyMaterial, OkpKey, RsaKey, RsaPrivate, check_chain, check_numbers,
    invalid,
};
use crate::secret::Secret;
use zeroize::Zeroize as _;

/// Members that hold numbers of one key type or another, so that they are never kept as extensions
/// (which a public key keeps). `priv` is the private half of an AKP key.
const NUMBERS: [&str; 14] = [
    "crv", "d", "dp", "dq", "e", "k", "n", "oth", "p", "priv", "pub", "q", "qi", "x",
];
/// Most entries of `key_ops`; eight are registered (RFC 7517 §4.3).
const MOST_OPERATIONS: usize = 32;
const RSA_PRIVATE: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

impl Jwk {
    /// Reads one key. Members of the wrong type, contradictions and numbers that are no key are
    /// refused; unknown members are kept. An RSA private key needs all its primes and exponents (RFC 7518 §6.3.2).
    ///
    /// # Errors
    /// Not strict JSON, not a key, or a key of an unknown `kty` or `crv`.
    pub fn parse(json: &[u8]) -> Result<Self, KeyError> {
        let document = Document::parse(json, &Options::strict())?;
        Self::from_value(document.root())
    }

    /// Reads one key from JSON that is already parsed; see [`Jwk::parse`].
    ///
    /// # Errors
    /// As for `parse`.
    pub fn from_value(value: Value<'_>) -> Result<Self, KeyError> {
        let object = value.as_object().ok_or(KeyError::Format {
            reason: "a JWK is a JSON object",
        })?;
        let kty = string(object, "kty")?.ok_or_else(|| missing("kty"))?;
        let kty = KeyType::from_name(kty)
            .ok_or_else(|| invalid("kty", "is not one of oct, RSA, EC, OKP, AKP"))?;
        let material = match kty {
            KeyType::Oct => KeyMaterial::Oct(Secret::new(bytes(object, "k")?)),
            KeyType::Rsa => KeyMaterial::Rsa(rsa(object)?),
            KeyType::Ec => KeyMaterial::Ec(ec(object)?),
            KeyType::Okp => KeyMaterial::Okp(okp(object)?),
            KeyType::Akp => KeyMaterial::Akp(akp(object)?),
        };
        check_numbers(&material)?;
        if let Some(chain) = object.get("x5c") {
            check_chain(chain, &material)?;
        }
        let key_use = string(object, "use")?.map(str::to_owned);
        Ok(Self {
            key_id: string(object, "kid")?.map(str::to_owned),
            algorithm: string(object, "alg")?.map(str::to_owned),
            key_use,
            key_ops: key_ops(object)?,
            members: others(object, kty)?,
            material,
        })
    }
}

fn rsa(object: Object<'_>) -> Result<RsaKey, KeyError> {
    if object.get("oth").is_some() {
        return Err(invalid(
            "oth",
            "is not supported: the key has more than two primes",
        ));
    }
    let is_private = RSA_PRIVATE.iter().any(|name| object.get(name).is_some());
    let private = is_private.then(|| rsa_private(object)).transpose()?;
    Ok(RsaKey {
        n: number(object, "n")?,
        e: number(object, "e")?,
        private,
    })
}

fn rsa_private(object: Object<'_>) -> Result<RsaPrivate, KeyError> {
    let secret = |name| number(object, name).map(Secret::new);
    Ok(RsaPrivate {
        d: secret("d")?,
        p: secret("p")?,
        q: secret("q")?,
        dp: secret("dp")?,
        dq: secret("dq")?,
        qi: secret("qi")?,
    })
}

fn ec(object: Object<'_>) -> Result<EcKey, KeyError> {
    Ok(EcKey {
        curve: curve(object, KeyType::Ec)?,
        x: bytes(object, "x")?,
        y: bytes(object, "y")?,
        d: private(object, "d")?,
    })
}

fn okp(object: Object<'_>) -> Result<OkpKey, KeyError> {
    Ok(OkpKey {
        curve: curve(object, KeyType::Okp)?,
        x: bytes(object, "x")?,
        d: private(object, "d")?,
    })
}

fn akp(object: Object<'_>) -> Result<AkpKey, KeyError> {
    let name = string(object, "alg")?.ok_or_else(|| missing("alg"))?;
    let algorithm = Algorithm::from_name(name)
        .filter(|algorithm| algorithm.row().key_type == KeyType::Akp)
        .ok_or_else(|| invalid("alg", "is not ML-DSA-44, ML-DSA-65 or ML-DSA-87"))?;
    Ok(AkpKey {
        algorithm,
        public: bytes(object, "pub")?,
        seed: private(object, "priv")?,
    })
}

fn private(object: Object<'_>, member: &'static str) -> Result<Option<Secret>, KeyError> {
    if object.get(member).is_none() {
        return Ok(None);
    }
    bytes(object, member).map(|private| Some(Secret::new(private)))
}

fn curve(object: Object<'_>, kty: KeyType) -> Result<Curve, KeyError> {
    let name = string(object, "crv")?.ok_or_else(|| missing("crv"))?;
    Curve::from_name(name)
        .filter(|curve| curve.key_type() == kty)
        .ok_or_else(|| invalid("crv", "is not a known curve of this `kty`"))
}

fn key_ops(object: Object<'_>) -> Result<Option<Vec<String>>, KeyError> {
    let Some(value) = object.get("key_ops") else {
        return Ok(None);
    };
    let list = value
        .as_array()
        .ok_or_else(|| invalid("key_ops", "is not an array of strings"))?;
    if list.len() > MOST_OPERATIONS {
        return Err(invalid("key_ops", "names too many operations"));
    }
    let mut ops: Vec<String> = Vec::new();
    for op in list {
        let op = op
            .as_str()
            .ok_or_else(|| invalid("key_ops", "is not an array of strings"))?;
        if ops.iter().any(|known| known == op) {
            return Err(invalid("key_ops", "names an operation twice"));
        }
        ops.push(op.to_owned());
    }
    Ok(Some(ops))
}

/// The members that describe neither numbers nor use, checked only where RFC 7517 gives a type.
fn others(object: Object<'_>, kty: KeyType) -> Result<Vec<Member>, KeyError> {
    let mut members = Vec::new();
    for member in object {
        match member.name {
            "kty" | "kid" | "alg" | "use" | "key_ops" => continue,
            "y" if kty == KeyType::Ec => continue,
            name => {
                if let Some(number) = NUMBERS.into_iter().find(|number| *number == name) {
                    if !belongs(number, kty) {
                        return Err(invalid(number, "does not belong to a key of this `kty`"));
                    }
                    continue;
                }
            }
        }
        match member.name {
            "x5u" if member.value.as_str().is_none() => return Err(not_a_string("x5u")),
            "x5t" if member.value.as_str().is_none() => return Err(not_a_string("x5t")),
            "x5t#S256" if member.value.as_str().is_none() => return Err(not_a_string("x5t#S256")),
            _ => {}
        }
        members.push(Member {
            name: member.name.to_owned(),
            json: member.value.source().to_owned(),
        });
    }
    Ok(members)
}

fn belongs(number: &str, kty: KeyType) -> bool {
    match kty {
        KeyType::Oct => number == "k",
        KeyType::Rsa => !matches!(number, "crv" | "k" | "priv" | "pub" | "x"),
        KeyType::Ec | KeyType::Okp => matches!(number, "crv" | "d" | "x"),
        KeyType::Akp => matches!(number, "priv" | "pub"),
    }
}

fn string<'d>(object: Object<'d>, member: &'static str) -> Result<Option<&'d str>, KeyError> {
    object
        .get(member)
        .map(|value| value.as_str().ok_or_else(|| not_a_string(member)))
        .transpose()
}

fn bytes(object: Object<'_>, member: &'static str) -> Result<Vec<u8>, KeyError> {
    let text = string(object, member)?.ok_or_else(|| missing(member))?;
    base64url::decode(text).map_err(|_| invalid(member, "is not base64url"))
}

/// A positive integer in as few bytes as it needs (RFC 7518 §2, `Base64urlUInt`). The zeros that
/// some libraries put in front are taken off, so that there is one form and one thumbprint.
fn number(object: Object<'_>, member: &'static str) -> Result<Vec<u8>, KeyError> {
    let mut number = bytes(object, member)?;
    match number.iter().position(|byte| *byte != 0) {
        None => Err(invalid(member, "is zero or empty")),
        Some(0) => Ok(number),
        Some(zeros) => {
            let minimal = number.split_off(zeros);
            number.zeroize();
            Ok(minimal)
        }
    }
}

fn missing(member: &'static str) -> KeyError {
    let problem = match member {
        "p" | "q" | "dp" | "dq" | "qi" => {
            "is missing (a private RSA key needs its primes and their exponents)"
        }
        _ => "is missing",
    };
    invalid(member, problem)
}

fn not_a_string(member: &'static str) -> KeyError {
    invalid(member, "is not a string")
}
