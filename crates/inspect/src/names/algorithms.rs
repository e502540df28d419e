//! Algorithms that headers name beyond those that the core verifies: those of JWE, and signature
//! algorithms that are registered but not implemented here.

/// What is to be said of an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmNote {
    /// The `alg` or `enc` value.
    pub name: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// What it does and what a person should know, without a full stop.
    pub note: &'static str,
}

/// How an algorithm stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Signs, but is not implemented here.
    NotImplemented,
    /// Protects the key of a JWE.
    KeyManagement,
    /// Encrypts the content of a JWE.
    ContentEncryption,
    /// Is advised against, wherever it is used.
    Discouraged,
}

/// The note of an algorithm that the core's table does not have; case matters.
pub fn algorithm(name: &str) -> Option<&'static AlgorithmNote> {
    TABLE.iter().find(|row| row.name == name)
}

macro_rules! notes {
    ($($name:literal $standing:ident $note:literal;)*) => {
        const TABLE: &[AlgorithmNote] = &[$(AlgorithmNote {
            name: $name,
            standing: Standing::$standing,
            note: $note,
        },)*];
    };
}

notes! {
    "RSA1_5" Discouraged "the key is encrypted with RSA and the padding of PKCS #1 v1.5, which leaks through errors and timing";
    "RSA-OAEP" KeyManagement "the key is encrypted with RSA-OAEP and SHA-1";
    "RSA-OAEP-256" KeyManagement "the key is encrypted with RSA-OAEP and SHA-256";
    "RSA-OAEP-384" KeyManagement "the key is encrypted with RSA-OAEP and SHA-384";
    "RSA-OAEP-512" KeyManagement "the key is encrypted with RSA-OAEP and SHA-512";
    "A128KW" KeyManagement "the key is wrapped with a shared AES key of 128 bits";
    "A192KW" KeyManagement "the key is wrapped with a shared AES key of 192 bits";
    "A256KW" KeyManagement "the key is wrapped with a shared AES key of 256 bits";
    "A128GCMKW" KeyManagement "the key is encrypted with a shared AES-GCM key of 128 bits";
    "A192GCMKW" KeyManagement "the key is encrypted with a shared AES-GCM key of 192 bits";
    "A256GCMKW" KeyManagement "the key is encrypted with a shared AES-GCM key of 256 bits";
    "dir" KeyManagement "the shared key encrypts the content directly";
    "ECDH-ES" KeyManagement "the key is agreed on an elliptic curve";
    "ECDH-ES+A128KW" KeyManagement "the key is wrapped with one of 128 bits agreed on an elliptic curve";
    "ECDH-ES+A192KW" KeyManagement "the key is wrapped with one of 192 bits agreed on an elliptic curve";
    "ECDH-ES+A256KW" KeyManagement "the key is wrapped with one of 256 bits agreed on an elliptic curve";
    "PBES2-HS256+A128KW" KeyManagement "the key is wrapped with one of 128 bits made from a password";
    "PBES2-HS384+A192KW" KeyManagement "the key is wrapped with one of 192 bits made from a password";
    "PBES2-HS512+A256KW" KeyManagement "the key is wrapped with one of 256 bits made from a password";
    "A128CBC-HS256" ContentEncryption "AES-CBC with a key of 128 bits and HMAC-SHA-256";
    "A192CBC-HS384" ContentEncryption "AES-CBC with a key of 192 bits and HMAC-SHA-384";
    "A256CBC-HS512" ContentEncryption "AES-CBC with a key of 256 bits and HMAC-SHA-512";
    "A128GCM" ContentEncryption "AES-GCM with a key of 128 bits";
    "A192GCM" ContentEncryption "AES-GCM with a key of 192 bits";
    "A256GCM" ContentEncryption "AES-GCM with a key of 256 bits";
    "Ed448" NotImplemented "signature on the curve Ed448 (RFC 9864)";
    "ES256B" NotImplemented "ECDSA on brainpoolP256r1";
    "ES384B" NotImplemented "ECDSA on brainpoolP384r1";
    "ES512B" NotImplemented "ECDSA on brainpoolP512r1";
    "RS1" Discouraged "RSA with SHA-1, whose collisions can be made";
    "HS256/64" Discouraged "a MAC cut to 64 bits";
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_jose::Algorithm;

    #[test]
    fn the_table_and_the_cores_share_no_name() {
        for row in TABLE {
            assert_eq!(Algorithm::from_name(row.name), None, "{}", row.name);
        }
        assert!(algorithm("RSA1_5").is_some_and(|row| row.standing == Standing::Discouraged));
        assert!(algorithm("rsa1_5").is_none());
    }
}
