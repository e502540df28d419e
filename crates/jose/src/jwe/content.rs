//! The content: encrypted and authenticated in one (RFC 7518 §5), and inflated (RFC 7516 §4.1.3).

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Error;
use crate::alg::{ContentEncryption, ContentFamily, Hash};
use crate::backend::{Digest, Encryption};
use crate::secret::Secret;

/// Encrypted content.
#[derive(Clone)]
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

/// A content encryption with its key.
#[derive(Clone, Copy)]
pub(super) struct Cipher<'a> {
    pub(super) backend: &'a dyn Encryption,
    pub(super) encryption: ContentEncryption,
    pub(super) key: &'a Secret,
}

impl Cipher<'_> {
    /// Encrypts; `iv` has the length that the algorithm takes.
    pub(super) fn seal(self, iv: Vec<u8>, aad: &[u8], plaintext: &[u8]) -> Option<Sealed> {
        let row = self.encryption.row();
        let mut ciphertext = plaintext.to_vec();
        let tag = if let (ContentFamily::CbcHmac, Some(hash)) = (row.family, row.hash) {
            let (mac_key, cipher_key) = self.halves()?;
            let block = iv.as_slice().try_into().ok()?;
            self.backend
                .cbc_encrypt(cipher_key, block, &mut ciphertext)?;
            let mac = self.authenticate(hash, mac_key, [aad, &iv, &ciphertext])?;
            mac.as_ref().get(..row.tag_len)?.to_vec()
        } else {
            let nonce = iv.as_slice().try_into().ok()?;
            let key = self.key.expose();
            let tag = self.backend.gcm_seal(key, nonce, aad, &mut ciphertext)?;
            tag.to_vec()
        };
        Some(Sealed {
            iv,
            ciphertext,
            tag,
        })
    }

    /// Authenticates, then decrypts. The lengths of initialization vector and tag are exact.
    pub(super) fn open(self, sealed: &Sealed, aad: &[u8]) -> Option<Secret> {
        let row = self.encryption.row();
        if sealed.iv.len() != row.iv_len || sealed.tag.len() != row.tag_len {
            return None;
        }
        let iv = sealed.iv.as_slice();
        let mut data = Zeroizing::new(sealed.ciphertext.clone());
        if let (ContentFamily::CbcHmac, Some(hash)) = (row.family, row.hash) {
            let (mac_key, cipher_key) = self.halves()?;
            let mac = self.authenticate(hash, mac_key, [aad, iv, &sealed.ciphertext])?;
            let authentic: bool = mac.as_ref().get(..row.tag_len)?.ct_eq(&sealed.tag).into();
            if !authentic {
                return None;
            }
            self.backend
                .cbc_decrypt(cipher_key, iv.try_into().ok()?, &mut data)?;
        } else {
            let tag = sealed.tag.as_slice().try_into().ok()?;
            let key = self.key.expose();
            self.backend
                .gcm_open(key, iv.try_into().ok()?, aad, &mut data, tag)?;
        }
        Some(Secret::new(core::mem::take(&mut *data)))
    }

    /// The content without regard to its tag, as far as that goes, and the tag that it should have.
    pub(super) fn dangerous_unauthenticated(
        self,
        sealed: &Sealed,
        aad: &[u8],
    ) -> Option<(Option<Secret>, Vec<u8>)> {
        let row = self.encryption.row();
        let iv = sealed.iv.as_slice();
        if self.key.len() != row.key_len || iv.len() != row.iv_len {
            return None;
        }
        let mut data = Zeroizing::new(sealed.ciphertext.clone());
        if let (ContentFamily::CbcHmac, Some(hash)) = (row.family, row.hash) {
            let (mac_key, cipher_key) = self.halves()?;
            let mac = self.authenticate(hash, mac_key, [aad, iv, &sealed.ciphertext])?;
            let block = iv.try_into().ok()?;
            let padded = self.backend.cbc_decrypt(cipher_key, block, &mut data);
            let plaintext = padded.map(|()| Secret::new(core::mem::take(&mut *data)));
            return Some((plaintext, mac.as_ref().get(..row.tag_len)?.to_vec()));
        }
        // In counter mode encrypting undoes itself.
        let (key, nonce) = (self.key.expose(), iv.try_into().ok()?);
        self.backend.gcm_seal(key, nonce, aad, &mut data)?;
        let plaintext = Secret::new(data.to_vec());
        let tag = self.backend.gcm_seal(key, nonce, aad, &mut data)?;
        Some((Some(plaintext), tag.to_vec()))
    }

    /// The key of the HMAC and that of AES (RFC 7518 §5.2.2.1).
    fn halves(&self) -> Option<(&[u8], &[u8])> {
        self.key.expose().split_at_checked(self.key.len() / 2)
    }

    /// The whole HMAC over the data, with the length of the additional data in bits behind it.
    fn authenticate(
        &self,
        hash: Hash,
        key: &[u8],
        [aad, iv, ciphertext]: [&[u8]; 3],
    ) -> Option<Digest> {
        let aad_bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?;
        let parts = [aad, iv, ciphertext, &aad_bits.to_be_bytes()];
        self.backend.hmac(hash, key, &parts)
    }
}

/// Inflates DEFLATE data (RFC 1951), never beyond `limit` bytes.
pub(super) fn inflate(compressed: &Secret, limit: usize) -> Result<Secret, Error> {
    match decompress_to_vec_with_limit(compressed.expose(), limit) {
        Ok(plaintext) => Ok(Secret::new(plaintext)),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Err(Error::Inflated { limit }),
        Err(_) => Err(Error::Decryption),
    }
}

#[cfg(test)]
mod tests;
