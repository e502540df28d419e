//! What an encrypted token shows without a key: to whom, how, and how long its parts are.

use jeton_jose::alg::{ContentEncryption, KeyManagement, KeyManagementFamily};
use jeton_jose::json::{Document, Value};
use serde::Serialize;

use super::read::Piece;
use crate::finding::PartName;

/// How a token is encrypted, by its own account. Lengths are in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Encryption {
    /// Its `enc` as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<String>,
    /// Whom it is for, in the order of the text; never empty.
    pub recipients: Vec<Recipient>,
    /// Length of the initialization vector.
    pub initialization_vector: usize,
    /// Length of the ciphertext.
    pub ciphertext: usize,
    /// Length of the authentication tag.
    pub tag: usize,
    /// Whether the plaintext is compressed.
    pub compressed: bool,
    /// Whether it was decrypted, so that its payload and the tokens in it are shown.
    pub decrypted: bool,
}

/// One for whom a token is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// The `alg` as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The `kid` as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Length of the encrypted key; 0 if there is none.
    pub encrypted_key: usize,
    /// What opens it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_with: Option<String>,
}

/// Reads it off the pieces of an encrypted token.
pub(super) fn read(
    pieces: &[Piece],
    documents: &[Option<&Document<'_>>],
    decrypted: bool,
) -> Encryption {
    let headers = Headers { pieces, documents };
    let size = |name| {
        let mut named = pieces.iter().filter(|piece| piece.name == name);
        named.next().map_or(0, |piece| piece.bytes.len())
    };
    let last = pieces.iter().filter_map(|piece| piece.index).max();
    let recipients = match last {
        Some(last) => (0..=last).map(|at| headers.recipient(Some(at))).collect(),
        None => vec![headers.recipient(None)],
    };
    Encryption {
        encryption: headers.text("enc", None),
        recipients,
        initialization_vector: size(PartName::InitializationVector),
        ciphertext: size(PartName::Ciphertext),
        tag: size(PartName::Tag),
        compressed: headers.text("zip", None).is_some(),
        decrypted,
    }
}

struct Headers<'p> {
    pieces: &'p [Piece],
    documents: &'p [Option<&'p Document<'p>>],
}

impl<'p> Headers<'p> {
    fn recipient(&self, index: Option<usize>) -> Recipient {
        let mut keys = self.pieces.iter().filter(|piece| {
            piece.name == PartName::EncryptedKey && (piece.index == index || piece.index.is_none())
        });
        let algorithm = self.text("alg", index);
        let kid = self.text("kid", index);
        let mut opens_with = algorithm
            .as_deref()
            .and_then(|algorithm| self.opens_with(algorithm, index));
        if let (Some(words), Some(kid)) = (&mut opens_with, &kid) {
            words.extend([", named `", kid, "`"]);
        }
        Recipient {
            encrypted_key: keys.next().map_or(0, |piece| piece.bytes.len()),
            algorithm,
            kid,
            opens_with,
        }
    }

    /// The kind of key that an algorithm takes.
    fn opens_with(&self, algorithm: &str, index: Option<usize>) -> Option<String> {
        let row = KeyManagement::from_name(algorithm)?.row();
        let bits = |bytes: usize| bytes * 8;
        Some(match row.family {
            KeyManagementFamily::RsaOaep => "the RSA private key of its recipient".to_owned(),
            KeyManagementFamily::EcdhEs => {
                let curve = self
                    .member("epk", index)
                    .and_then(|key| key.as_object()?.get("crv")?.as_str());
                match curve {
                    Some(curve) => format!("the private key of its recipient on {curve}"),
                    None => "the private key of its recipient on an elliptic curve".to_owned(),
                }
            }
            KeyManagementFamily::AesKw | KeyManagementFamily::AesGcmKw => {
                format!("the shared key of {} bits", bits(row.wrapping_key_len?))
            }
            KeyManagementFamily::Direct => {
                let encryption = self.text("enc", index);
                let encryption = encryption.as_deref().and_then(ContentEncryption::from_name);
                match encryption {
                    Some(encryption) => {
                        format!("the shared key of {} bits", bits(encryption.row().key_len))
                    }
                    None => "the shared key".to_owned(),
                }
            }
            KeyManagementFamily::Pbes2 => "the password".to_owned(),
        })
    }

    fn text(&self, name: &str, index: Option<usize>) -> Option<String> {
        self.member(name, index)?.as_str().map(str::to_owned)
    }

    /// The parameter of the recipient, else the one that all share.
    fn member(&self, name: &str, index: Option<usize>) -> Option<Value<'p>> {
        let of = |wanted: Option<usize>| {
            let mut headers = self.pieces.iter().zip(self.documents);
            headers.find_map(|(piece, document)| {
                let fits = piece.is_header() && piece.index == wanted;
                let object = document.as_ref()?.root().as_object()?;
                fits.then(|| object.get(name)).flatten()
            })
        };
        of(index).or_else(|| of(None))
    }
}
