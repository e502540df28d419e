//! What is worth telling a person about a token, a key or a key set.
//!
//! A finding states what is there and what it means; it never says "vulnerable" where nothing was
//! tested. To add one, add a row to the table. `docs/reference/findings.md` is generated from it.

use core::fmt;
use core::ops::Range;

use serde::{Serialize, Serializer};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Probably not what its maker wanted.
    Warning,
    /// A strict verifier refuses it.
    Problem,
}

/// Where in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    /// The whole text.
    Token,
    /// The protected header.
    Header,
    /// The unprotected header of a JSON form.
    UnprotectedHeader,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
    /// The encrypted key of a JWE.
    EncryptedKey,
    /// The initialization vector of a JWE.
    InitializationVector,
    /// The ciphertext of a JWE.
    Ciphertext,
    /// The authentication tag of a JWE.
    Tag,
    /// The additional data of a JSON JWE.
    AdditionalData,
    /// A disclosure of an SD-JWT.
    Disclosure,
    /// The key-binding JWT of an SD-JWT.
    KeyBinding,
    /// A key or a key of a set.
    Key,
}

impl PartName {
    /// The name in running text.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Header => "header",
            Self::UnprotectedHeader => "unprotected header",
            Self::Payload => "payload",
            Self::Signature => "signature",
            Self::EncryptedKey => "encrypted key",
            Self::InitializationVector => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
            Self::AdditionalData => "additional data",
            Self::Disclosure => "disclosure",
            Self::KeyBinding => "key-binding JWT",
            Self::Key => "key",
        }
    }
}

/// The exact place of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// In which part.
    pub part: PartName,
    /// Bytes of the decoded part, or of the text where it could not be decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Range<usize>>,
    /// JSON pointer (RFC 6901) inside the part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stable code.
    pub code: FindingCode,
    /// How much it matters here; usually [`FindingCode::severity`].
    pub severity: Severity,
    /// Where it is; `None` for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What is there, with names and numbers, in a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
    /// The section that says so.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'static str,
}

impl Finding {
    /// A finding of the whole with the table's severity, remedy and reference.
    pub fn new(code: FindingCode, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            place: None,
            message: message.into(),
            remedy: code.remedy(),
            reference: code.reference(),
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

macro_rules! findings {
    ($($variant:ident = $name:literal, $severity:ident, $meaning:literal, $remedy:literal, $reference:literal;)*) => {
        /// The stable code of a kind of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum FindingCode { $(#[doc = $meaning] $variant,)* }

        impl FindingCode {
            /// Every code, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as programs see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// What to do about it.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }

            /// The section that says so; empty where it is advice of experience.
            pub const fn reference(self) -> &'static str {
                match self { $(Self::$variant => $reference,)* }
            }
        }
    };
}

findings! {
    // The form of the token.
    AlgorithmNone = "alg_none", Problem,
        "The token is unsigned: anybody could have written it.",
        "Have the issuer sign; never accept it.", "RFC 8725 §3.2";
    AlgorithmUnknown = "alg_unknown", Problem,
        "The header names an algorithm that is not registered or not implemented here.",
        "Algorithm names are case-sensitive; compare with the registry.", "RFC 7515 §4.1.1";
    AlgorithmMissing = "alg_missing", Problem,
        "The header does not say how the token is signed or encrypted.",
        "The issuer must set `alg`.", "RFC 7515 §4.1.1";
    AlgorithmDiscouraged = "alg_discouraged", Warning,
        "The algorithm is advised against.",
        "Use another one of its kind; see the message.", "RFC 8725 §3.2";
    AlgorithmSymmetric = "alg_symmetric", Note,
        "The signature is a MAC: whoever can verify the token can also make one.",
        "Use RS, PS, ES or Ed25519 where verifiers are not trusted to issue.", "RFC 8725 §3.5";
    AlgorithmDeprecatedName = "alg_deprecated_name", Note,
        "`EdDSA` is the older, polymorphic name.",
        "Prefer `Ed25519`, which says which curve.", "RFC 9864 §2.2";
    PartBroken = "part_broken", Problem,
        "A part cannot be decoded as far as it goes.",
        "See the place: from there the text is damaged or cut.", "RFC 7515 §7.1";
    Base64NotCanonical = "base64_not_canonical", Problem,
        "A part decodes, but is not written in its one canonical form.",
        "Remove padding, white space and `+` or `/`; a strict verifier refuses it.", "RFC 7515 §2";
    DuplicateName = "duplicate_name", Problem,
        "An object has a member twice; readers could disagree about its value.",
        "The issuer must not repeat names.", "RFC 7519 §4";
    InvisibleCharacter = "invisible_character", Warning,
        "A string holds characters that do not show or change the direction of text.",
        "Compare what is shown with the bytes; such names can be mistaken for others.", "";
    SegmentCut = "segment_cut", Problem,
        "A part has a length that no bytes encode to, as if a character were lost.",
        "Copy the token again, whole.", "RFC 4648 §5";
    TooFewParts = "too_few_parts", Problem,
        "The text has fewer parts than a token.",
        "A JWS has three parts, a JWE five; copy it whole.", "RFC 7515 §7.1";
    TooManyParts = "too_many_parts", Problem,
        "The text has more parts than a token, or four.",
        "A JWS has three parts, a JWE five; see whether something was glued to it.", "RFC 7515 §7.1";
    SignatureMissing = "signature_missing", Problem,
        "The signature is empty although the header names an algorithm.",
        "Copy the token whole; if it has none, never accept it.", "RFC 7515 §5.2";
    KnownExampleSignature = "known_example_signature", Warning,
        "The signature is that of a well-known example, but the text it should cover is another.",
        "Sign the token itself; the signature of another text never verifies.", "RFC 7515 §5.2";
    SizeHeader = "size_header", Warning,
        "The token is longer than many servers accept in a header line.",
        "Shorten it: fewer claims, or a reference to data kept elsewhere.", "";
    SizeCookie = "size_cookie", Warning,
        "The token is longer than a browser keeps in a cookie (4096 bytes).",
        "Shorten it, or do not put it into a cookie.", "RFC 6265 §6.1";
    // The header.
    TypUnusual = "typ_unusual", Note,
        "The `typ` is not one that a standard defines.",
        "Use `JWT` or a registered explicit type.", "RFC 8725 §3.11";
    EmbeddedKey = "embedded_key", Warning,
        "The header carries a key; it proves nothing about who made the token.",
        "Verify with a key you trust; only DPoP proofs are meant to carry theirs.", "RFC 7515 §4.1.3";
    KeyUrl = "key_url", Warning,
        "The header names a URL to fetch a key from; whoever made the token chose it.",
        "Ignore it, or allow exactly the URLs of your issuer.", "RFC 8725 §3.10";
    CriticalExtension = "critical_extension", Note,
        "The token insists on extensions that its verifier must understand.",
        "A verifier that does not know them must refuse it.", "RFC 7515 §4.1.11";
    KidSuspicious = "kid_suspicious", Warning,
        "The `kid` looks like a path, a URL or a query.",
        "Only ever compare it; never open or look up what it says.", "RFC 8725 §3.10";
    HeaderNameOdd = "header_name_odd", Warning,
        "A header parameter's name looks like a typing mistake.",
        "Compare with the registered name that it resembles.", "RFC 7515 §4";
    CertificateUnreadable = "certificate_unreadable", Problem,
        "`x5c` is no chain of certificates that can be read.",
        "Write the certificates in DER as base64 (not base64url), the signer's first.", "RFC 7515 §4.1.6";
    CertificateNotCurrent = "certificate_not_current", Warning,
        "A certificate of `x5c` is not valid at the chosen time.",
        "Renew the certificate, or compare the clocks.", "RFC 5280 §4.1.2.5";
    HeaderTypeWrong = "header_type_wrong", Problem,
        "A registered header parameter has the wrong JSON type.",
        "The issuer must follow the parameter's definition.", "RFC 7515 §4.1";
    // The claims.
    ClaimTypeWrong = "claim_type_wrong", Problem,
        "A registered claim has the wrong JSON type.",
        "The issuer must follow the claim's definition.", "RFC 7519 §4.1";
    ClaimNameOdd = "claim_name_odd", Warning,
        "A claim's name looks like a typing mistake.",
        "Compare with the registered name that it resembles.", "RFC 7519 §4";
    Expired = "expired", Warning,
        "The token's `exp` has passed at the chosen time.",
        "Get a new token; if it is fresh, compare the clocks.", "RFC 7519 §4.1.4";
    NotYetValid = "not_yet_valid", Warning,
        "The token's `nbf` lies in the future at the chosen time.",
        "Wait, compare the clocks, or allow some leeway.", "RFC 7519 §4.1.5";
    IssuedInFuture = "issued_in_future", Warning,
        "The token's `iat` lies in the future at the chosen time.",
        "Compare the clocks.", "RFC 7519 §4.1.6";
    NoExpiry = "no_expiry", Warning,
        "The token has no `exp`: it never expires by itself.",
        "Have the issuer set one; a stolen token is good for ever.", "RFC 8725 §3";
    NoIssuer = "no_issuer", Note,
        "The token does not say who issued it.",
        "Have the issuer set `iss`, so that keys can be chosen by it.", "RFC 8725 §3.8";
    NoAudience = "no_audience", Note,
        "The token does not say for whom it is meant.",
        "Have the issuer set `aud`, so that one service cannot replay it to another.", "RFC 8725 §3.9";
    LifetimeLong = "lifetime_long", Warning,
        "The token lives unusually long for its kind.",
        "Minutes for access tokens, and refresh them.", "";
    LifetimeNegative = "lifetime_negative", Problem,
        "The token ends before it begins.",
        "The issuer's `exp`, `nbf` and `iat` contradict each other.", "RFC 7519 §4.1.4";
    TimeInMilliseconds = "time_in_milliseconds", Problem,
        "A time looks like milliseconds; it must be seconds.",
        "Divide by 1000 at the issuer; read as seconds it lies far in the future.", "RFC 7519 §2";
    TimeOutOfRange = "time_out_of_range", Problem,
        "A time lies before 1970 or after the year 9999.",
        "The issuer must write seconds since 1970.", "RFC 7519 §2";
    SecretInClaims = "secret_in_claims", Warning,
        "A claim looks like a password, a key or a token.",
        "Anybody who holds a signed token can read it; keep secrets out.", "RFC 8725 §3.14";
    PersonalData = "personal_data", Note,
        "A claim looks like personal data.",
        "Anybody who holds the token can read it; send what the receiver needs.", "RFC 7519 §12";
    // Selective disclosure.
    SdHashUnknown = "sd_hash_unknown", Problem,
        "`_sd_alg` names a hash that is not known here, or one too short to be safe.",
        "Have the issuer use sha-256, sha-384 or sha-512.", "RFC 9901 §4.1.1";
    SdHashMissing = "sd_hash_missing", Note,
        "There are digests, but no `_sd_alg`: they are read as SHA-256.",
        "Have the issuer write `_sd_alg`, so that nobody has to know the default.", "RFC 9901 §4.1.1";
    DigestDuplicate = "digest_duplicate", Problem,
        "A digest of a hidden claim stands twice.",
        "The issuer must use a fresh salt for each disclosure and decoy.", "RFC 9901 §7.1";
    DisclosureUnreferenced = "disclosure_unreferenced", Problem,
        "No digest in the token belongs to a disclosure, so nobody signed it.",
        "Present the disclosures of this token, with those that contain them.", "RFC 9901 §7.1";
    DisclosuresRefused = "disclosures_refused", Problem,
        "The disclosures cannot be put into the token.",
        "See the message; the issuer must follow the form, the holder must not change it.", "RFC 9901 §7.1";
    DisclosureDecides = "disclosure_decides", Warning,
        "A claim that decides whether the token is valid can be kept back by its holder.",
        "Have the issuer show `iss`, `aud`, `exp`, `nbf`, `cnf` and `status` always.", "RFC 9901 §9.7";
    SaltWeak = "salt_weak", Warning,
        "The salt of a disclosure is short or stands twice, so that what is kept back may be guessed.",
        "The issuer must draw 128 random bits for each disclosure.", "RFC 9901 §9.3";
    KeyBindingAbsent = "key_binding_absent", Note,
        "The token is bound to its holder's key, but nothing here proves that the holder presents it.",
        "A verifier should ask for a key-binding JWT over its own nonce.", "RFC 9901 §9.5";
    KeyBindingUnbound = "key_binding_unbound", Problem,
        "There is a key-binding JWT, but the token names no key to check it with.",
        "Have the issuer put the holder's key into `cnf`.", "RFC 9901 §4.1.2";
    SdHashMismatch = "sd_hash_mismatch", Problem,
        "`sd_hash` is not the hash of this presentation: it was signed over other disclosures.",
        "Bind exactly what is presented, after choosing the disclosures.", "RFC 9901 §4.3.1";
    TildeMissing = "tilde_missing", Warning,
        "The payload hides claims as an SD-JWT does, but the tilde that ends one is missing.",
        "Copy the token whole, with its disclosures; without any it ends in a tilde.", "RFC 9901 §4";
    // Keys and key sets.
    KeyWeak = "key_weak", Warning,
        "The key is too weak for its algorithm.",
        "Make a new one: RSA of 2048 bits or more, an HMAC secret as long as the hash.", "RFC 7518 §3.2";
    KeyPrivatePublished = "key_private_published", Problem,
        "The set publishes private or secret members.",
        "Replace that key now: whoever read the set can sign.", "RFC 7517 §9.3";
    KeyExponent = "key_exponent", Problem,
        "The RSA public exponent is even or below 3, so that the key protects nothing, or it is small.",
        "Make a new key with the exponent 65537.", "RFC 8017 §3.1";
    KeyRoca = "key_roca", Problem,
        "The RSA modulus has the fingerprint of the weak generator of 2017 (ROCA).",
        "Make a new key with another generator; this one can be factored.", "CVE-2017-15361";
    KidDuplicate = "kid_duplicate", Problem,
        "Several keys of the set share a `kid`.",
        "Give each its own; verifiers may refuse to choose.", "RFC 7517 §4.5";
    KidMissing = "kid_missing", Note,
        "A key of the set has no `kid`.",
        "Give each key one (its thumbprint, for example), so that it can be chosen.", "RFC 7517 §4.5";
    KeyUseConflict = "key_use_conflict", Warning,
        "`alg`, `use` or `key_ops` contradict each other.",
        "Make them agree, or leave `use` or `key_ops` out.", "RFC 7517 §4.3";
    KeyUnusable = "key_unusable", Warning,
        "A key of the set cannot be read here; the others still serve.",
        "See the message for the member or the unknown type.", "RFC 7517 §5";
    CertificateMismatch = "certificate_mismatch", Problem,
        "`x5c` does not hold the key, or `x5t` is not its thumbprint.",
        "Publish the certificate that belongs to the key.", "RFC 7517 §4.7";
    RotationNotReady = "rotation_not_ready", Note,
        "The set has one signing key only: a new one cannot be published ahead of its use.",
        "Publish the next key before signing with it.", "";
    SetMixed = "set_mixed", Problem,
        "The set mixes secrets with public keys.",
        "Keep secrets out of published sets.", "RFC 7517 §9.3";
    KidNotThumbprint = "kid_not_thumbprint", Note,
        "The `kid` has the form of a thumbprint, but is not this key's.",
        "Compute it again if it is meant to be one.", "RFC 7638 §3";
    SetEmpty = "set_empty", Warning,
        "The set has no key.",
        "Publish the keys that tokens are signed with.", "RFC 7517 §5.1";
    // OpenID cross-checks.
    HashMismatch = "hash_mismatch", Problem,
        "`at_hash`, `c_hash`, `s_hash` or `ath` does not belong to the value at hand.",
        "The two were not issued together; do not use them together.", "OpenID Connect Core 1.0 §3.1.3.6";
    NonceMismatch = "nonce_mismatch", Problem,
        "The `nonce` is not the one that was sent.",
        "Refuse the token: it belongs to another sign-in.", "OpenID Connect Core 1.0 §3.1.3.7";
    AuthorizedPartyMismatch = "azp_mismatch", Problem,
        "The `azp` is not the client.",
        "Refuse the token: it was issued to another client.", "OpenID Connect Core 1.0 §3.1.3.7";
    AuthorizedPartyMissing = "azp_missing", Warning,
        "The token has several audiences and no `azp` to say which of them it was issued to.",
        "Have the issuer set `azp`, or one audience only.", "OpenID Connect Core 1.0 §3.1.3.7";
    ConfirmationMismatch = "confirmation_mismatch", Problem,
        "What the holder showed is not what the token is bound to (`cnf`), or it is bound to nothing.",
        "Use the key that the token was issued for, and a token that is bound to it.", "RFC 9449 §6.1";
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut names: Vec<_> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FindingCode::ALL.len());
    }
}
