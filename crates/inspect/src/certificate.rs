//! Certificates as JOSE carries them: `x5c` and the two thumbprints that name them.

use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::base64url;
use jeton_jose::json::Object;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyForm, Structure};

use crate::parts::decode_generously;

/// Longest `x5c` element that is decoded, in characters; the core reads no longer certificate.
const LONGEST_TEXT: usize = 88 * 1024;

/// The first certificate of `x5c`, in DER (RFC 7515 §4.1.6): the one of the key.
pub(crate) fn first(object: Object<'_>) -> Option<Result<Vec<u8>, &'static str>> {
    let chain = object.get("x5c")?;
    let first = chain
        .as_array()
        .and_then(|chain| chain.get(0)?.as_str())
        .ok_or("`x5c` is not an array of strings");
    Some(first.and_then(decode))
}

/// The key in a certificate.
pub(crate) fn key(der: &[u8], backend: &dyn Backend) -> Result<Jwk, String> {
    let read = key::read(der, backend).map_err(|error| error.to_string())?;
    match (read.form, read.keys.into_iter().next()) {
        (KeyForm::Der(Structure::Certificate), Some(key)) => Ok(key),
        (form, _) => Err(format!("it holds a {form}")),
    }
}

/// The thumbprints that are stated beside a certificate: name, value stated, value computed.
pub(crate) fn thumbprints<'d>(
    object: Object<'d>,
    der: &[u8],
    backend: &dyn Backend,
) -> Vec<(&'static str, &'d str, String)> {
    let computed = [
        ("x5t", base64url::encode(&backend.certificate_sha1(der))),
        ("x5t#S256", thumbprint_sha256(der, backend)),
    ];
    computed
        .into_iter()
        .filter_map(|(name, computed)| Some((name, object.get(name)?.as_str()?, computed)))
        .collect()
}

/// `x5t#S256` of a certificate (RFC 7515 §4.1.8).
pub(crate) fn thumbprint_sha256(der: &[u8], backend: &dyn Backend) -> String {
    base64url::encode(backend.digest(Hash::Sha256, der).as_ref())
}

fn decode(text: &str) -> Result<Vec<u8>, &'static str> {
    if text.len() > LONGEST_TEXT {
        return Err("the first certificate of `x5c` is longer than 64 KiB");
    }
    decode_generously(text).map_err(|_| "the first certificate of `x5c` is not base64")
}
