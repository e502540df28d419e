//! The table of what keeps a token from being decrypted.

use super::super::cause::causes;

causes! {
    /// The stable code of what keeps a token from being decrypted.
    DecryptionCause;
    // The key.
    PublicKeyGiven = "public_key_given",
        "the key that was given is the public half, which only encrypts",
        "give the private key";
    PasswordWanted = "password_wanted",
        "the token is encrypted under a password, and a key was given",
        "give the password as a secret";
    PrivateKeyWanted = "private_key_wanted",
        "the token is encrypted to a public key, and a secret was given",
        "give the private key that belongs to that public key";
    SecretWanted = "secret_wanted",
        "the token is encrypted under a shared key, and a key pair was given",
        "give the shared key as a secret or as a JWK of type oct";
    KeyType = "key_type",
        "the key is of another kind than the token's algorithm takes",
        "give the key that the token was encrypted to, or have it encrypted to this one";
    KeyCurve = "key_curve",
        "the key is on another curve than the one that the token was encrypted on",
        "give the key that the token was encrypted to";
    SecretLength = "secret_length",
        "the secret does not have the length that the token's algorithm takes",
        "give the whole secret, decoded if it is written in base64 or hexadecimal";
    KeyAlgorithm = "key_algorithm",
        "the key opens the token, but the key's own `alg` is another one",
        "correct the key's `alg`, or have the token encrypted with it";
    KeyUsage = "key_usage",
        "the key opens the token, but its `use` or `key_ops` forbids decrypting",
        "correct the key's metadata, or encrypt to the key that is meant for it";
    KidMismatch = "kid_mismatch",
        "a key opens the token, but the token names another `kid`, which the set does not have",
        "give the key the `kid` that the token names, or have the sender name the right one";
    AnotherKey = "another_key",
        "another key of the set opens the token than the one that its `kid` names",
        "have the sender name the key that it encrypts to";
    WrongKey = "wrong_key",
        "no key that was given opens it: it was encrypted to another, or its key part was altered",
        "compare the `kid` and the public half with what the sender encrypted to";
    WrongPassword = "wrong_password",
        "the password does not open it: it is another, or the token's key part was altered",
        "compare the passwords letter by letter; capitals and white space count";
    // The secret.
    SecretLineBreak = "secret_line_break",
        "the secret differs by a line break at its end",
        "make both sides use the same bytes; files often end with a line break that is not meant";
    SecretSpaces = "secret_spaces",
        "the secret has white space around it",
        "remove the surrounding white space";
    SecretBase64 = "secret_base64",
        "the secret is base64 text, and its decoded bytes were used to encrypt",
        "decode the secret from base64 before use";
    SecretBase64url = "secret_base64url",
        "the secret is base64url text, and its decoded bytes were used to encrypt",
        "decode the secret from base64url before use";
    SecretHex = "secret_hex",
        "the secret is hexadecimal text, and its decoded bytes were used to encrypt",
        "decode the secret from hexadecimal before use";
    SecretNotDecoded = "secret_not_decoded",
        "the sender used the encoded text of the secret, where its bytes were given",
        "give the secret as the text itself, or have the sender decode it";
    // The algorithms.
    AnotherAlgorithm = "another_algorithm",
        "the key was protected with another algorithm than the header says",
        "have the sender write the algorithm into the header that it encrypts with";
    AnotherEncryption = "another_encryption",
        "the content was encrypted with another `enc` than the header says",
        "have the sender write the content encryption into the header that it uses";
    // The token.
    TokenCut = "token_cut",
        "the token is cut: it has fewer than five parts",
        "copy it whole; look for a length limit on its way";
    EncryptedKeyLength = "encrypted_key_length",
        "the encrypted key does not have the length that the algorithm and the key give it",
        "look for a damaged copy, or for another key or algorithm at the sender";
    ContentKeyLength = "content_key_length",
        "the key opens the encrypted key, but what is in it is no key for the token's `enc`",
        "the sender must make a content key of the length that `enc` takes";
    VectorLength = "vector_length",
        "the initialization vector does not have the length that `enc` gives it",
        "copy the token whole; the sender must use the length of RFC 7518 §5";
    TagCut = "tag_cut",
        "the authentication tag is cut, or shorter than `enc` gives it",
        "copy the token whole; a sender must not shorten the tag";
    CiphertextCut = "ciphertext_cut",
        "the ciphertext is cut: its end is missing",
        "copy the token whole; look for a length limit on its way";
    AuthenticatedOtherwise = "authenticated_otherwise",
        "the sender authenticated another text than the encoded header",
        "the sender must authenticate the base64url text of the header (RFC 7516 §5.1)";
    HeaderAltered = "header_altered",
        "the key is right and the content reads well, so the header or the tag was altered",
        "copy the token again; a header must not be changed after encryption";
    ContentAltered = "content_altered",
        "the key is right, but header, initialization vector, ciphertext or tag was altered",
        "copy the token again, from before it was changed";
}
