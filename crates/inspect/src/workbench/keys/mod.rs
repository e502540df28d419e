//! Questions about keys.

pub mod convert;
pub mod generate;
pub mod inspect;

use jeton_jose::alg::KeyType;
use jeton_jose::json::{Document, Options, RawJson};
use jeton_jose::jwk::Jwk;

/// Whether whoever verifies with it can also sign.
pub fn is_secret(jwk: &Jwk) -> bool {
    jwk.material().key_type() == KeyType::Oct
}

/// The JWK as it is, private members included.
pub(super) fn json(jwk: &Jwk) -> Option<RawJson> {
    let text = jwk.to_json();
    let document = Document::parse(text.as_bytes(), &Options::strict()).ok()?;
    Some(RawJson::from(document.root()))
}
