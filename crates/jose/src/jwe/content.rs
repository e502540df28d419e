//! The content: encrypted and authenticated in one (RFC 7518 §5), and inflated (RFC 7516 §4.1.3).

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Error;
use crate::alg::{ContentEncryption, ContentFamily, Hash};
use crate::backend::{Backend, Digest};
use crate::secret::Secret;

/// Encrypted content.
#[derive(Clone)]
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

/// Encrypts; `iv` has the length that the algorithm takes.
pub(super) fn seal(
    backend: &dyn Backend,
    encryption: ContentEncryption,
    key: &Secret,
    iv: Vec<u8>,
    aad: &[u8],
    plaintext: &[u8],
) -> Option<Sealed> {
    let mut ciphertext = plaintext.to_vec();
    let tag = match (encryption.row().family, encryption.row().hash) {
        (ContentFamily::CbcHmac, Some(hash)) => {
            let (mac_key, cipher_key) = halves(key)?;
            backend.cbc_encrypt(cipher_key, iv.as_slice().try_into().ok()?, &mut ciphertext)?;
            let mac = authenticate(backend, hash, mac_key, [aad, &iv, &ciphertext])?;
            mac.as_ref().get(..encryption.row().tag_len)?.to_vec()
        }
        _ => backend
            .gcm_seal(
                key.expose(),
                iv.as_slice().try_into().ok()?,
                aad,
                &mut ciphertext,
            )?
            .to_vec(),
    };
    Some(Sealed {
        iv,
        ciphertext,
        tag,
    })
}

/// Authenticates, then decrypts. The lengths of initialization vector and tag are exact.
pub(super) fn open(
    backend: &dyn Backend,
    encryption: ContentEncryption,
    key: &Secret,
    sealed: &Sealed,
    aad: &[u8],
) -> Option<Secret> {
    let row = encryption.row();
    if sealed.iv.len() != row.iv_len || sealed.tag.len() != row.tag_len {
        return None;
    }
    let iv = sealed.iv.as_slice();
    let mut data = Zeroizing::new(sealed.ciphertext.clone());
    if let (ContentFamily::CbcHmac, Some(hash)) = (row.family, row.hash) {
        let (mac_key, cipher_key) = halves(key)?;
        let mac = authenticate(backend, hash, mac_key, [aad, iv, &sealed.ciphertext])?;
        let authentic: bool = mac.as_ref().get(..row.tag_len)?.ct_eq(&sealed.tag).into();
        if !authentic {
            return None;
        }
        backend.cbc_decrypt(cipher_key, iv.try_into().ok()?, &mut data)?;
    } else {
        let tag = sealed.tag.as_slice().try_into().ok()?;
        backend.gcm_open(key.expose(), iv.try_into().ok()?, aad, &mut data, tag)?;
    }
    Some(Secret::new(core::mem::take(&mut *data)))
}

/// Inflates DEFLATE data (RFC 1951), never beyond `limit` bytes.
pub(super) fn inflate(compressed: &Secret, limit: usize) -> Result<Secret, Error> {
    match decompress_to_vec_with_limit(compressed.expose(), limit) {
        Ok(plaintext) => Ok(Secret::new(plaintext)),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Err(Error::Inflated { limit }),
        Err(_) => Err(Error::Decryption),
    }
}

/// The key of the HMAC and that of the cipher (RFC 7518 §5.2.2.1).
fn halves(key: &Secret) -> Option<(&[u8], &[u8])> {
    key.expose().split_at_checked(key.len() / 2)
}

/// The whole HMAC over the data, with the length of the additional data in bits behind it.
fn authenticate(
    backend: &dyn Backend,
    hash: Hash,
    key: &[u8],
    [aad, iv, ciphertext]: [&[u8]; 3],
) -> Option<Digest> {
    let aad_bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?;
    backend.hmac(hash, key, &[aad, iv, ciphertext, &aad_bits.to_be_bytes()])
}

#[cfg(test)]
mod tests;
