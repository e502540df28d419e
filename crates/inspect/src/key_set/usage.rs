//! What a key says it is for (RFC 7517 §4.2 to §4.4), and whether that agrees.

use jeton_jose::Algorithm;
use jeton_jose::alg::{AlgorithmSet, KeyType};
use jeton_jose::jwk::Jwk;

use super::KeyReport;

/// Operations of keys that sign (RFC 7517 §4.3).
const SIGNING: [&str; 2] = ["sign", "verify"];
/// Operations of keys that encrypt or agree on keys.
const ENCRYPTING: [&str; 6] = [
    "encrypt",
    "decrypt",
    "wrapKey",
    "unwrapKey",
    "deriveKey",
    "deriveBits",
];

/// The signature algorithms a key serves by all that it says.
pub(super) fn served(jwk: &Jwk) -> AlgorithmSet {
    let signs = jwk.key_use().is_none_or(|key_use| key_use == "sig")
        && jwk
            .key_ops()
            .is_none_or(|ops| ops.iter().any(|op| SIGNING.contains(&op.as_str())));
    if signs {
        jwk.algorithms().unwrap_or_default()
    } else {
        AlgorithmSet::EMPTY
    }
}

/// Each contradiction: the member to name, and the rest of the sentence.
pub(super) fn conflicts(key: &KeyReport) -> Vec<(&'static str, String)> {
    let mut conflicts = Vec::new();
    let ops = key.key_ops.as_deref().unwrap_or_default();
    let has = |list: &[&str]| ops.iter().any(|op| list.contains(&op.as_str()));
    let (signs, encrypts) = (has(&SIGNING), has(&ENCRYPTING));
    match key.key_use.as_deref() {
        Some("sig") if encrypts => conflicts.push((
            "key_ops",
            "names operations of encryption, and `use` is `sig`".to_owned(),
        )),
        Some("enc") if signs => conflicts.push((
            "key_ops",
            "names operations of signing, and `use` is `enc`".to_owned(),
        )),
        Some("sig" | "enc") | None => {}
        Some(_) => conflicts.push((
            "use",
            "is neither `sig` nor `enc`; few readers know another".to_owned(),
        )),
    }
    if signs && encrypts {
        let problem = "mixes signing with encryption; a key should do one of them";
        conflicts.push(("key_ops", problem.to_owned()));
    }
    let mut sorted: Vec<_> = ops.iter().collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        conflicts.push(("key_ops", "names an operation twice".to_owned()));
    }
    if let Some(alg) = key.alg.as_deref() {
        conflicts.extend(algorithm(key, alg, signs, encrypts).map(|problem| ("alg", problem)));
    }
    conflicts
}

/// What a key is that is well known and does not sign, or not here.
pub(super) fn kind(kty: Option<&str>, crv: Option<&str>) -> Option<&'static str> {
    match (kty?, crv) {
        ("OKP", Some("X25519" | "X448")) => Some("a key for key agreement (RFC 8037)"),
        ("OKP", Some("Ed448")) => Some("an Ed448 key (RFC 8037)"),
        ("AKP", _) => Some("an algorithm key pair (ML-DSA and its kin)"),
        _ => None,
    }
}

fn algorithm(key: &KeyReport, alg: &str, signs: bool, encrypts: bool) -> Option<String> {
    let purpose = Purpose::of(alg)?;
    if let Some(kty) = key.kty.as_deref()
        && KeyType::from_name(kty).is_some()
        && !purpose.kty.contains(&kty)
    {
        return Some(format!("is not one for a key of kty `{kty}`"));
    }
    if let (Some(wanted), Some(crv)) = (purpose.crv, key.crv.as_deref())
        && wanted != crv
    {
        return Some(format!(
            "needs the curve {wanted}, and the key is on another"
        ));
    }
    match (purpose.signs, key.key_use.as_deref()) {
        (true, Some("enc")) => return Some("signs, and `use` is `enc`".to_owned()),
        (false, Some("sig")) => return Some("encrypts, and `use` is `sig`".to_owned()),
        _ => {}
    }
    match purpose.signs {
        true if encrypts && !signs => Some("signs, and `key_ops` do not".to_owned()),
        false if signs && !encrypts => Some("encrypts, and `key_ops` do not".to_owned()),
        _ => None,
    }
}

/// What an algorithm does, and with which keys.
struct Purpose {
    signs: bool,
    kty: &'static [&'static str],
    crv: Option<&'static str>,
}

impl Purpose {
    /// `None` for an algorithm that is not known (RFC 7518 §3.1, §4.1, §5.1).
    fn of(alg: &str) -> Option<Self> {
        if let Some(algorithm) = Algorithm::from_name(alg) {
            let row = algorithm.row();
            return Some(Self {
                signs: true,
                kty: match row.key_type {
                    KeyType::Oct => &["oct"],
                    KeyType::Rsa => &["RSA"],
                    KeyType::Ec => &["EC"],
                    KeyType::Okp => &["OKP"],
                    KeyType::Akp => &["AKP"],
                },
                // `EdDSA` is for Ed448 as well.
                crv: row
                    .curve
                    .filter(|_| algorithm != Algorithm::EdDSA)
                    .map(jeton_jose::alg::Curve::name),
            });
        }
        let kty: &[&str] = match alg {
            "RSA1_5" | "RSA-OAEP" | "RSA-OAEP-256" | "RSA-OAEP-384" | "RSA-OAEP-512" => &["RSA"],
            "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A192KW" | "ECDH-ES+A256KW" => &["EC", "OKP"],
            "A128KW" | "A192KW" | "A256KW" | "dir" | "A128GCMKW" | "A192GCMKW" | "A256GCMKW"
            | "PBES2-HS256+A128KW" | "PBES2-HS384+A192KW" | "PBES2-HS512+A256KW"
            | "A128CBC-HS256" | "A192CBC-HS384" | "A256CBC-HS512" | "A128GCM" | "A192GCM"
            | "A256GCM" => &["oct"],
            _ => return None,
        };
        Some(Self {
            signs: false,
            kty,
            crv: None,
        })
    }
}
