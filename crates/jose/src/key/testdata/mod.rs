//! Keys made with OpenSSL 3.0 for the tests alone; none is used anywhere else.

use crate::backend::Backend;
use crate::jwk::Jwk;
use crate::key::read;

macro_rules! testdata {
    ($($name:ident = $file:literal;)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!($file, ".pem"));)*
    };
}

testdata! {
    RSA_PKCS8 = "rsa-pkcs8";
    RSA_PKCS1 = "rsa-pkcs1";
    RSA_SPKI = "rsa-spki";
    RSA_2049 = "rsa-2049-spki";
    RSA_PKCS1_PUBLIC = "rsa-pkcs1-public";
    RSA_CERTIFICATE = "rsa-certificate";
    RSA_1024 = "rsa-1024-pkcs8";
    RSA_PSS = "rsa-pss-pkcs8";
    RSA_PSS_SPKI = "rsa-pss-spki";
    RSA_PSS_UNRESTRICTED = "rsa-pss-unrestricted-spki";
    P256_SEC1 = "p256-sec1";
    P256_SEC1_NO_PUBLIC = "p256-sec1-no-public";
    P256_PKCS8 = "p256-pkcs8";
    P256_SPKI = "p256-spki";
    P256_COMPRESSED = "p256-compressed-spki";
    P256_CERTIFICATE = "p256-certificate";
    P384_PKCS8 = "p384-pkcs8";
    P521_PKCS8 = "p521-pkcs8";
    SECP256K1_PKCS8 = "secp256k1-pkcs8";
    ED25519_PKCS8 = "ed25519-pkcs8";
    ED25519_SPKI = "ed25519-spki";
    X25519_SPKI = "x25519-spki";
    ENCRYPTED_PBKDF2 = "encrypted-pbkdf2";
    ENCRYPTED_PBKDF2_SHA1 = "encrypted-pbkdf2-sha1";
    ENCRYPTED_SCRYPT = "encrypted-scrypt";
    ENCRYPTED_PBES1 = "encrypted-pbes1";
    ENCRYPTED_3DES = "encrypted-3des";
    ENCRYPTED_COSTLY = "encrypted-costly";
    ENCRYPTED_SEC1 = "encrypted-sec1";
}

/// RSA, P-256, P-384, P-521 and Ed25519 of the files above, as `ssh-keygen` writes them.
pub(crate) const OPENSSH: &str = include_str!("openssh.pub");

/// The one key in the text.
pub(crate) fn read_one(text: &str, backend: &dyn Backend) -> Jwk {
    let mut keys = read(text.as_bytes(), backend).unwrap().keys;
    assert_eq!(keys.len(), 1);
    keys.remove(0)
}
