//! How the content key reaches its recipient: the `alg` values of RFC 7518 §4.1.

use crate::alg::{Hash, KeyType};

/// How the recipient comes by the content key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyManagementFamily {
    /// Encrypted with RSAES-OAEP (RFC 7518 §4.3).
    RsaOaep,
    /// Wrapped with AES Key Wrap (RFC 7518 §4.4).
    AesKw,
    /// The shared key is the content key (RFC 7518 §4.5).
    Direct,
    /// Agreed by ECDH with an ephemeral key, or wrapped under what was agreed (RFC 7518 §4.6).
    EcdhEs,
    /// Wrapped with AES in GCM (RFC 7518 §4.7).
    AesGcmKw,
    /// Wrapped under a key that is derived from a password (RFC 7518 §4.8).
    Pbes2,
}

/// All that is known of one key management algorithm.
#[derive(Debug)]
pub struct KeyManagementRow {
    /// The `alg` value.
    pub name: &'static str,
    /// How it works.
    pub family: KeyManagementFamily,
    /// The hash of OAEP, SHA-1 where `None`, or that of PBES2; `None` for all others.
    pub hash: Option<Hash>,
    /// Length in bytes of the AES key that wraps the content key; `None` if none does.
    pub wrapping_key_len: Option<usize>,
    /// The JWK type of its keys; `None` for ECDH, which takes EC and OKP (X25519).
    pub key_type: Option<KeyType>,
    /// The section that defines it.
    pub reference: &'static str,
    /// What a person who chooses it should know.
    pub note: &'static str,
}

const fn oaep(name: &'static str, hash: Option<Hash>, reference: &'static str) -> KeyManagementRow {
    KeyManagementRow {
        name,
        family: KeyManagementFamily::RsaOaep,
        hash,
        wrapping_key_len: None,
        key_type: Some(KeyType::Rsa),
        reference,
        note: match hash {
            Some(_) => "anyone with the public key can encrypt; slow to decrypt",
            None => "as RSA-OAEP-256, with SHA-1, which is not broken here; prefer RSA-OAEP-256",
        },
    }
}

const fn aes(name: &'static str, family: KeyManagementFamily, len: usize) -> KeyManagementRow {
    let (reference, note) = match family {
        KeyManagementFamily::AesGcmKw => (
            "RFC 7518 §4.7",
            "shared key; not for more than 2^32 tokens under one key",
        ),
        _ => (
            "RFC 7518 §4.4",
            "shared key; needs no randomness of its own",
        ),
    };
    KeyManagementRow {
        name,
        family,
        hash: None,
        wrapping_key_len: Some(len),
        key_type: Some(KeyType::Oct),
        reference,
        note,
    }
}

const fn direct(name: &'static str) -> KeyManagementRow {
    KeyManagementRow {
        name,
        family: KeyManagementFamily::Direct,
        hash: None,
        wrapping_key_len: None,
        key_type: Some(KeyType::Oct),
        reference: "RFC 7518 §4.5",
        note: "shared key that encrypts the content itself; one recipient only",
    }
}

const fn ecdh(name: &'static str, len: Option<usize>) -> KeyManagementRow {
    KeyManagementRow {
        name,
        family: KeyManagementFamily::EcdhEs,
        hash: None,
        wrapping_key_len: len,
        key_type: None,
        reference: "RFC 7518 §4.6",
        note: match len {
            Some(_) => "anyone with the public key can encrypt; small keys",
            None => "as with key wrapping, for one recipient only",
        },
    }
}

const fn pbes2(name: &'static str, hash: Hash, len: usize) -> KeyManagementRow {
    KeyManagementRow {
        name,
        family: KeyManagementFamily::Pbes2,
        hash: Some(hash),
        wrapping_key_len: Some(len),
        key_type: Some(KeyType::Oct),
        reference: "RFC 7518 §4.8",
        note: "as strong as the password; costs whoever decrypts, by design",
    }
}

algorithm_table! {
    /// A key management algorithm (`alg` of a JWE, RFC 7518 §4.1).
    ///
    /// `RSA1_5` is not one of them: it is recognised where headers are read, and refused by name
    /// ([`refusal`]).
    #[expect(non_camel_case_types, reason = "the names are those of the registry")]
    KeyManagement: KeyManagementRow,

    /// A set of key management algorithms, as allow-lists use it.
    KeyManagementSet;

    /// RSAES-OAEP with SHA-1.
    RSA_OAEP = oaep("RSA-OAEP", None, "RFC 7518 §4.3");
    /// RSAES-OAEP with SHA-256.
    RSA_OAEP_256 = oaep("RSA-OAEP-256", Some(Hash::Sha256), "RFC 7518 §4.3");
    /// RSAES-OAEP with SHA-384.
    RSA_OAEP_384 = oaep("RSA-OAEP-384", Some(Hash::Sha384), "Web Cryptography API §20");
    /// RSAES-OAEP with SHA-512.
    RSA_OAEP_512 = oaep("RSA-OAEP-512", Some(Hash::Sha512), "Web Cryptography API §20");
    /// AES Key Wrap with 128 bits.
    A128KW = aes("A128KW", KeyManagementFamily::AesKw, 16);
    /// AES Key Wrap with 192 bits.
    A192KW = aes("A192KW", KeyManagementFamily::AesKw, 24);
    /// AES Key Wrap with 256 bits.
    A256KW = aes("A256KW", KeyManagementFamily::AesKw, 32);
    /// The shared key itself.
    Dir = direct("dir");
    /// ECDH, what is agreed is the content key.
    ECDH_ES = ecdh("ECDH-ES", None);
    /// ECDH, then AES Key Wrap with 128 bits.
    ECDH_ES_A128KW = ecdh("ECDH-ES+A128KW", Some(16));
    /// ECDH, then AES Key Wrap with 192 bits.
    ECDH_ES_A192KW = ecdh("ECDH-ES+A192KW", Some(24));
    /// ECDH, then AES Key Wrap with 256 bits.
    ECDH_ES_A256KW = ecdh("ECDH-ES+A256KW", Some(32));
    /// AES-128 in GCM.
    A128GCMKW = aes("A128GCMKW", KeyManagementFamily::AesGcmKw, 16);
    /// AES-192 in GCM.
    A192GCMKW = aes("A192GCMKW", KeyManagementFamily::AesGcmKw, 24);
    /// AES-256 in GCM.
    A256GCMKW = aes("A256GCMKW", KeyManagementFamily::AesGcmKw, 32);
    /// PBKDF2 with HMAC SHA-256, then AES Key Wrap with 128 bits.
    PBES2_HS256_A128KW = pbes2("PBES2-HS256+A128KW", Hash::Sha256, 16);
    /// PBKDF2 with HMAC SHA-384, then AES Key Wrap with 192 bits.
    PBES2_HS384_A192KW = pbes2("PBES2-HS384+A192KW", Hash::Sha384, 24);
    /// PBKDF2 with HMAC SHA-512, then AES Key Wrap with 256 bits.
    PBES2_HS512_A256KW = pbes2("PBES2-HS512+A256KW", Hash::Sha512, 32);
}

impl KeyManagement {
    /// Whether the content key follows from the keys alone, so that there is no encrypted key and
    /// only one recipient (RFC 7516 §2: direct encryption, direct key agreement).
    pub fn is_direct(self) -> bool {
        let row = self.row();
        match row.family {
            KeyManagementFamily::Direct => true,
            KeyManagementFamily::EcdhEs => row.wrapping_key_len.is_none(),
            _ => false,
        }
    }
}

/// Why an `alg` that exists is not implemented on purpose; `None` for all other names.
pub fn refusal(name: &str) -> Option<&'static str> {
    (name == "RSA1_5").then_some(
        "RSA1_5: its padding lets whoever can send tokens decrypt others (Bleichenbacher)",
    )
}
