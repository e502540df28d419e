//! How the content is encrypted: the `enc` values of RFC 7518 §5.1.

use crate::alg::Hash;

/// How a content encryption works; both authenticate what they encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentFamily {
    /// AES in CBC mode, then HMAC (RFC 7518 §5.2).
    CbcHmac,
    /// AES in Galois/Counter mode (RFC 7518 §5.3).
    Gcm,
}

/// All that is known of one content encryption. Lengths are in bytes, and exact.
#[derive(Debug)]
pub struct ContentEncryptionRow {
    /// The `enc` value.
    pub name: &'static str,
    /// How it works.
    pub family: ContentFamily,
    /// The hash of its HMAC; `None` for GCM.
    pub hash: Option<Hash>,
    /// The content key. With HMAC its first half authenticates, its second half encrypts.
    pub key_len: usize,
    /// The initialization vector.
    pub iv_len: usize,
    /// The authentication tag.
    pub tag_len: usize,
    /// The section that defines it.
    pub reference: &'static str,
    /// What a person who chooses it should know.
    pub note: &'static str,
}

const fn cbc_hmac(name: &'static str, hash: Hash, reference: &'static str) -> ContentEncryptionRow {
    ContentEncryptionRow {
        name,
        family: ContentFamily::CbcHmac,
        hash: Some(hash),
        key_len: hash.output_len(),
        iv_len: 16,
        tag_len: hash.output_len() / 2,
        reference,
        note: "two passes; forgiving of a repeated initialization vector",
    }
}

const fn gcm(name: &'static str, key_len: usize) -> ContentEncryptionRow {
    ContentEncryptionRow {
        name,
        family: ContentFamily::Gcm,
        hash: None,
        key_len,
        iv_len: 12,
        tag_len: 16,
        reference: "RFC 7518 §5.3",
        note: "fast; an initialization vector must never repeat under one key",
    }
}

algorithm_table! {
    /// A content encryption algorithm (`enc`, RFC 7518 §5.1).
    #[expect(non_camel_case_types, reason = "the names are those of the registry")]
    ContentEncryption: ContentEncryptionRow,

    /// A set of content encryptions, as allow-lists use it.
    ContentEncryptionSet;

    /// AES-128 in CBC mode with HMAC SHA-256.
    A128CBC_HS256 = cbc_hmac("A128CBC-HS256", Hash::Sha256, "RFC 7518 §5.2.3");
    /// AES-192 in CBC mode with HMAC SHA-384.
    A192CBC_HS384 = cbc_hmac("A192CBC-HS384", Hash::Sha384, "RFC 7518 §5.2.4");
    /// AES-256 in CBC mode with HMAC SHA-512.
    A256CBC_HS512 = cbc_hmac("A256CBC-HS512", Hash::Sha512, "RFC 7518 §5.2.5");
    /// AES-128 in GCM.
    A128GCM = gcm("A128GCM", 16);
    /// AES-192 in GCM.
    A192GCM = gcm("A192GCM", 24);
    /// AES-256 in GCM.
    A256GCM = gcm("A256GCM", 32);
}
