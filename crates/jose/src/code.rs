//! The stable codes of every refusal, with cause and remedy.
//!
//! A code is what programs match on; it is the same on the command line, in HTTP problem bodies,
//! in logs and in metrics, and never changes its meaning. `docs/reference/errors.md` is generated
//! from this table. To add a code, add a row.

/// An enum of stable codes from a table: a row for each, with variant, name, what it means and what
/// to do about it.
#[macro_export]
macro_rules! codes {
    (
        $(#[$attribute:meta])* $visibility:vis enum $codes:ident;
        $($variant:ident = $name:literal, $cause:literal, $remedy:literal;)*
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        $visibility enum $codes { $(#[doc = $cause] $variant,)* }

        impl $codes {
            /// Every code, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as programs see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means.
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause,)* }
            }

            /// What to do about it.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }
        }

        impl ::core::fmt::Display for $codes {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

codes! {
    /// A stable error code.
    pub enum Code;
    // The text of the token.
    TokenTooLarge = "token_too_large",
        "The token is longer than the limit that applies.",
        "Shorten it (fewer claims, a reference instead of data) or raise the limit on purpose.";
    TokenFormat = "token_format",
        "The text is not a token in the serialization that was expected.",
        "Check that it was copied whole: a signed token has three base64url parts joined by dots, an encrypted one five.";
    TokenEncrypted = "token_encrypted",
        "The token has five parts or a `ciphertext`: it is encrypted (JWE), not signed.",
        "Decrypt it first; a signature check never accepts an encrypted token.";
    TokenSigned = "token_signed",
        "The token has three parts: it is signed (JWS), not encrypted.",
        "Verify it; decryption never stands in for a signature.";
    Base64Invalid = "base64_invalid",
        "A part is not canonical base64url without padding.",
        "Look for `=`, `+`, `/`, white space, line breaks or a missing character at the end.";
    JsonInvalid = "json_invalid",
        "A part that must be JSON is not (strict) JSON in UTF-8.",
        "See the byte offset in the message; the issuer must produce RFC 8259 JSON.";
    JsonDuplicateName = "json_duplicate_name",
        "An object has the same member name twice, so readers could disagree about its value.",
        "The issuer must not repeat names (RFC 7515 §4, RFC 7519 §4).";
    JsonTooDeep = "json_too_deep",
        "The JSON is nested deeper than the limit.",
        "Flatten it; no sound token needs that depth.";
    JsonTooLarge = "json_too_large",
        "The JSON text is longer than the limit that applies.",
        "Give less data or raise the limit on purpose.";
    HeaderInvalid = "header_invalid",
        "A header parameter is missing or has the wrong type.",
        "The issuer must follow RFC 7515 §4.1 for the parameter that is named.";
    CritInvalid = "crit_invalid",
        "The `crit` header parameter breaks RFC 7515 §4.1.11.",
        "`crit` is a non-empty list of distinct extension names, all present in the protected header.";
    CritUnsupported = "crit_unsupported",
        "The token insists on an extension that is not understood here.",
        "Refuse it, or name the extension as understood where your code implements it.";
    PayloadEncoding = "payload_encoding",
        "An unencoded payload (`b64` false, RFC 7797) stands where it cannot be used.",
        "Give the detached payload, or sign with an encoded one; JWTs are always encoded.";
    // The algorithm.
    AlgorithmNone = "algorithm_none",
        "The token is unsigned (`alg` is `none`), so anybody could have written it.",
        "Never accept it; have the issuer sign.";
    AlgorithmUnknown = "algorithm_unknown",
        "The header names an algorithm that does not exist here.",
        "Algorithm names are case-sensitive; see the table of supported ones.";
    AlgorithmRefused = "algorithm_refused",
        "The algorithm exists, but is broken and is not implemented on purpose (`RSA1_5`).",
        "Have the sender use RSA-OAEP-256 or ECDH-ES.";
    AlgorithmNotAllowed = "algorithm_not_allowed",
        "The algorithm is known, but the policy does not list it.",
        "Have the issuer use a listed algorithm, or add this one to the policy on purpose.";
    AlgorithmMismatch = "algorithm_mismatch",
        "The token's algorithm is not the one its key is for.",
        "Check that this is the right key; a key serves its own algorithm only.";
    AlgorithmNotSupported = "algorithm_not_supported",
        "This backend does not implement the algorithm (or this operation of it).",
        "Use the other backend, or another algorithm.";
    AlgorithmAmbiguous = "algorithm_ambiguous",
        "The key could serve several algorithms and nothing says which.",
        "Give the key an `alg`, or name the algorithms to try; the token's header alone never decides.";
    // The key.
    KeyFormat = "key_format",
        "The input is not a key in a form that is understood.",
        "Give a JWK, a JWK Set, PEM or DER (PKCS#1, PKCS#8, SEC 1, SPKI, X.509 certificate), or an OpenSSH public key.";
    KeyInvalid = "key_invalid",
        "The key's numbers contradict each other or its type.",
        "Export it again from where it was made; see the message for the member.";
    KeyEncrypted = "key_encrypted",
        "The private key is encrypted and no passphrase was given.",
        "Give the passphrase of the key file, or decrypt the file first.";
    PassphraseWrong = "passphrase_wrong",
        "The passphrase does not open the private key.",
        "Check the passphrase; a damaged file looks the same.";
    CertificateUntrusted = "certificate_untrusted",
        "The certificate chain that comes with the token (`x5c`) does not lead to a trust anchor.",
        "See the message; give the authority's certificate as an anchor only if you trust all that it signs.";
    KeyWeak = "key_weak",
        "The key is too weak for its algorithm.",
        "Make a new one: RSA of 2048 bits or more, an HMAC secret as long as the hash.";
    KeyType = "key_type",
        "The key's type or curve does not fit the algorithm.",
        "RS/PS and RSA-OAEP need RSA, ES* its own curve, Ed25519/EdDSA an OKP key, ML-DSA-* an AKP key, ECDH-ES P-256, P-384, P-521 or X25519, all others a secret.";
    KeyPrivateMissing = "key_private_missing",
        "Signing and decrypting need the private key, and only the public half was given.",
        "Give the private key (PKCS#8, SEC 1, PKCS#1 or a JWK with `d`).";
    KeyUsage = "key_usage",
        "The key's `use` or `key_ops` forbids this operation.",
        "Use the key that is meant for it, or correct the key's metadata.";
    KeyNotFound = "key_not_found",
        "No key of the set fits the token's `kid` and algorithm.",
        "Fetch the key set again; the issuer may have rotated its keys.";
    KeyAmbiguous = "key_ambiguous",
        "Several keys of the set share this `kid` and algorithm.",
        "Give each key of the set its own `kid`.";
    KeySetMixed = "key_set_mixed",
        "The key set mixes secrets with public keys.",
        "Keep secrets out of published sets; use separate sets.";
    // The signature.
    SignatureMissing = "signature_missing",
        "The signature part is empty.",
        "Check that the token was copied whole; an unsigned token is never accepted.";
    SignatureMismatch = "signature_mismatch",
        "The signature does not belong to this content under this key.",
        "Either the key is another one, or header, payload or signature were changed.";
    SigningFailed = "signing_failed",
        "The backend could not make a signature with this key.",
        "Check the private key; its halves may not belong together.";
    // The encryption.
    IterationsRefused = "iterations_refused",
        "The password derivation that the token asks for is too long to be honest, or too short to protect.",
        "Have the sender set `p2c` between 1,000 and the limit that applies, or raise the limit on purpose.";
    DecryptionFailed = "decryption_failed",
        "The token does not decrypt under this key. Which step failed is not told, on purpose.",
        "Either the key is another one, or the token was changed or cut off.";
    PlaintextTooLarge = "plaintext_too_large",
        "The content is compressed and inflates beyond the limit that applies.",
        "Have the sender not compress (RFC 8725 §3.6), or raise the limit on purpose.";
    EncryptionFailed = "encryption_failed",
        "The backend could not encrypt with this key.",
        "Check the key; a public key that is not on its curve cannot encrypt.";
    // The claims, in the order in which they are reported.
    ClaimsInvalid = "claims_invalid",
        "The payload is not a JSON object, so it is not a JWT.",
        "Use the signature-only check for other payloads.";
    TypeMismatch = "type_mismatch",
        "The `typ` header is not the kind of token that is expected.",
        "Send the right token (an id token is not an access token), or correct the expected type.";
    IssuerMismatch = "issuer_mismatch",
        "The `iss` claim is not the expected issuer.",
        "Compare both letter by letter; a trailing slash counts.";
    SubjectMismatch = "subject_mismatch",
        "The `sub` claim is not the expected subject.",
        "Use the token of that subject, or correct the expectation.";
    AudienceMismatch = "audience_mismatch",
        "None of the token's audiences is an expected one.",
        "Request the token for this API; audiences are compared as whole strings.";
    TokenExpired = "token_expired",
        "The token's `exp` has passed.",
        "Get a new token; if it is fresh, compare the clocks.";
    TokenNotYetValid = "token_not_yet_valid",
        "The token's `nbf` is in the future.",
        "Wait until then; if it should be valid already, compare the clocks or allow some leeway.";
    TokenTooOld = "token_too_old",
        "The token was issued longer ago than the policy's maximum age.",
        "Get a new token; if it is fresh, compare the clocks.";
    IssuedInFuture = "issued_in_future",
        "The token's `iat` lies in the future although a maximum age is asked for.",
        "Compare the clocks, or allow some leeway.";
    ClaimMissing = "claim_missing",
        "A claim that the policy requires is absent.",
        "Have the issuer add it, or ask for the scope that carries it.";
    ClaimType = "claim_type",
        "A claim has the wrong JSON type, or a time that cannot be one.",
        "The issuer must follow RFC 7519 §4.1: times are numbers of seconds, `iss`, `sub`, `jti` strings.";
    ClaimForbidden = "claim_forbidden",
        "A claim is present that this kind of token must not have.",
        "Send the right kind of token; the rule keeps one kind from passing for another.";
    ClaimMismatch = "claim_mismatch",
        "A claim's value breaks a rule of the policy.",
        "Compare the value with the rule.";
    // Selective disclosure and proof of possession.
    DisclosureInvalid = "disclosure_invalid",
        "A disclosure is malformed, is not referenced by the token, or breaks RFC 9901.",
        "Present the disclosures as the issuer made them, with those that contain them.";
    KeyBindingMissing = "key_binding_missing",
        "The holder of the SD-JWT did not prove possession of its key.",
        "Present the SD-JWT with a key-binding JWT for this audience and nonce.";
    KeyBindingMismatch = "key_binding_mismatch",
        "The key-binding JWT is not for this presentation, or the token names no key for it.",
        "Bind exactly the disclosures that are presented, with the key of `cnf`.";
    NonceMismatch = "nonce_mismatch",
        "The `nonce` is missing or not the one that was asked for.",
        "Ask for a fresh nonce and make a new proof with it.";
    // What the caller gave.
    PolicyInvalid = "policy_invalid",
        "The policy itself is wrong.",
        "See the message for the key and the line.";
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        for name in &names {
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
            );
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
