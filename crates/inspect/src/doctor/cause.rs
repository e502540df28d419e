//! The table of causes.

macro_rules! causes {
    (
        $(#[$doc:meta])* $table:ident;
        $($variant:ident = $name:literal, $explanation:literal, $fix:literal;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $table { $(#[doc = $explanation] $variant,)* }

        impl $table {
            /// Every code, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as programs see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What happened.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }

            /// What to do.
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }
        }

        impl core::fmt::Display for $table {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $table {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(super) use causes;

causes! {
    /// The stable code of a cause.
    CauseCode;
    // The text of the token.
    TokenPrefix = "token_prefix",
        "the token still has the word before it, such as `Bearer`",
        "give the token alone";
    TokenQuoted = "token_quoted",
        "the token still has its quotes",
        "remove the quotes around the token";
    TokenWhiteSpace = "token_white_space",
        "white space, a line break or an invisible character is in or around the token",
        "remove it; a token is one line without spaces";
    TokenPercentEncoded = "token_percent_encoded",
        "the token is percent-encoded, as in a URL",
        "decode it once before it is used as a token";
    TokenHtmlEscaped = "token_html_escaped",
        "the token has HTML character references",
        "copy it from the text, not from the page's source";
    TokenCut = "token_cut",
        "the token is cut: it has fewer than three parts",
        "copy it whole; look for a length limit on its way";
    TokenCaseChanged = "token_case_changed",
        "upper and lower case of the token were changed, which cannot be undone",
        "get the token again, from before it was changed";
    SegmentsPadded = "segments_padded",
        "parts of the token are padded with `=`",
        "the issuer must leave the padding out (RFC 7515 §2)";
    SegmentsStandardBase64 = "segments_standard_base64",
        "parts of the token are in standard base64 with `+` and `/`",
        "the issuer must use base64url with `-` and `_` (RFC 7515 §2)";
    SegmentsTrailingBits = "segments_trailing_bits",
        "the last character of a part has bits that stand for no byte",
        "copy the token again; its encoding is not canonical, although the bytes are the same";
    // The secret.
    SecretLineBreak = "secret_line_break",
        "the secret differs by a line break at its end",
        "make both sides use the same bytes; files often end with a line break that is not meant";
    SecretSpaces = "secret_spaces",
        "the secret has white space around it",
        "remove the surrounding white space";
    SecretQuotes = "secret_quotes",
        "the secret differs by the quotes around it",
        "make both sides use the secret with or without quotes; they come from configuration files";
    SecretPrefix = "secret_prefix",
        "the secret still has a prefix that says how it is encoded",
        "give what follows the prefix, decoded as it says";
    SecretBase64 = "secret_base64",
        "the secret is base64 text, and its decoded bytes were used to sign",
        "decode the secret from base64 before use";
    SecretBase64url = "secret_base64url",
        "the secret is base64url text, and its decoded bytes were used to sign",
        "decode the secret from base64url before use";
    SecretHex = "secret_hex",
        "the secret is hexadecimal text, and its decoded bytes were used to sign",
        "decode the secret from hexadecimal before use";
    SecretNotDecoded = "secret_not_decoded",
        "the signer used the encoded text of the secret, where its bytes were given",
        "give the secret as the text itself, or have the signer decode it";
    SecretEncodedTwice = "secret_encoded_twice",
        "the secret is encoded twice on one side",
        "encode or decode it once only";
    SecretCharset = "secret_charset",
        "the secret's characters are in another encoding",
        "use the same character encoding on both sides, UTF-8 if you can choose";
    SecretEscapes = "secret_escapes",
        "the secret has escape sequences that one side did not resolve",
        "resolve them on both sides or on none";
    // The key.
    KeyWeak = "key_weak",
        "the signature matches, but the key is too short for its algorithm",
        "make a new key: RSA of 2048 bits or more, an HMAC secret as long as the hash";
    KeyAlgorithm = "key_algorithm",
        "the signature matches, but the key's own `alg` is another one",
        "correct the key's `alg`, or have the token signed with it";
    KeyUsage = "key_usage",
        "the signature matches, but the key's `use` or `key_ops` forbids verifying",
        "correct the key's metadata, or sign with the key that is meant for it";
    KidMismatch = "kid_mismatch",
        "the signature matches the key, but the token's `kid` is not the key's",
        "give the key the `kid` that the token names, or have the issuer name the right one";
    AnotherKey = "another_key",
        "the signature matches another key of the set than the one its `kid` names",
        "have the issuer name the key that it signs with";
    KeyAsSecret = "key_as_secret",
        "what was given as a secret is a key file",
        "give it as a key";
    SecretAsKeyFile = "secret_as_key_file",
        "what was given as a key file is a plain secret",
        "give it as a secret";
    AlgorithmConfusion = "algorithm_confusion",
        "the text of the public key was used as an HMAC secret: this is how a forger signs",
        "refuse the token; where it was accepted, fix that verifier at once (RFC 8725 §2.1)";
    KeyTextEscaped = "key_text_escaped",
        "the line breaks of the PEM text are written as `\\n`",
        "turn them into line breaks";
    KeyTextQuoted = "key_text_quoted",
        "the key text has quotes, a byte order mark or the like around it",
        "remove what is around the key";
    KeyTextEncoded = "key_text_encoded",
        "the key text is encoded once more, in base64 or percent-encoding",
        "decode it once";
    PemArmourMissing = "pem_armour_missing",
        "the key is PEM without its BEGIN and END lines",
        "put the lines back";
    PemArmourDamaged = "pem_armour_damaged",
        "a BEGIN or END line of the PEM text is missing, damaged or names another kind of key",
        "put the lines right";
    // The algorithm and the signature.
    AnotherAlgorithm = "another_algorithm",
        "the signature was made with another algorithm than the header says",
        "have the issuer write the algorithm into the header that it signs with";
    SignatureHex = "signature_hex",
        "the signature is hexadecimal text",
        "the issuer must encode the signature's bytes in base64url";
    SignatureEncodedTwice = "signature_encoded_twice",
        "the signature is base64 text that was encoded once more",
        "the issuer must encode the signature's bytes once";
    SignatureDer = "signature_der",
        "the ECDSA signature is in DER, not `r || s` (RFC 7518 §3.4)",
        "the issuer must convert it, or ask its library for the IEEE P1363 form";
    PssSaltLength = "pss_salt_length",
        "the RSASSA-PSS salt does not have the length of the hash (RFC 7518 §3.5)",
        "the issuer must set the salt length to that of the hash";
    SignatureCut = "signature_cut",
        "the signature is cut: characters are missing at its end",
        "copy the token whole";
    SignatureCharactersLost = "signature_characters_lost",
        "characters of the signature were lost in copying",
        "copy the token again";
    SignatureCaseChanged = "signature_case_changed",
        "upper and lower case of the signature were changed",
        "copy the token again, from before it was changed";
    SignatureAltered = "signature_altered",
        "header and payload are as they were signed, and the signature itself was altered",
        "copy the token again; nobody who knows the key has made this signature";
    SignatureOfExample = "signature_of_example",
        "the signature is that of a well-known example token, and belongs to another payload",
        "sign the token; a signature cannot be taken from another one";
    SignatureLength = "signature_length",
        "the signature does not have the length of the algorithm's",
        "look for a damaged copy, or another algorithm or key at the issuer";
    // What was signed.
    SignedPadded = "signed_padded",
        "the signature was made over parts in another base64 than those of the token",
        "the issuer must sign the very text that it sends (RFC 7515 §5.1)";
    SignedDecoded = "signed_decoded",
        "the signature was made over the decoded JSON, not over the base64url text",
        "the issuer must sign the base64url text with its dot (RFC 7515 §5.1)";
    SignedEncoded = "signed_encoded",
        "the signature was made over the encoded payload, although `b64` is false",
        "the issuer must sign the payload as it is, or leave `b64` out (RFC 7797 §3)";
    SignedWithoutHeader = "signed_without_header",
        "the signature was made over the payload alone",
        "the issuer must sign header and payload with the dot between them (RFC 7515 §5.1)";
    SignedWithoutDot = "signed_without_dot",
        "the signature was made over header and payload without the dot between them",
        "the issuer must sign header and payload with the dot between them (RFC 7515 §5.1)";
    SignedDigest = "signed_digest",
        "the signature was made over a hash of the token, which was then hashed again",
        "the issuer must hand the text to the signature function, not its hash";
    PayloadLineBreaks = "payload_line_breaks",
        "the payload that travelled apart differs in its line breaks from what was signed",
        "give its bytes as they were signed; editors and version control change line breaks";
    PayloadReserialized = "payload_reserialized",
        "the payload was written anew after signing, with other spaces or escapes",
        "keep the payload byte for byte; do not parse and write it on the way";
    PayloadReordered = "payload_reordered",
        "the members of the payload were put in another order after signing",
        "keep the payload byte for byte; do not parse and write it on the way";
    HeaderReserialized = "header_reserialized",
        "the header was written anew after signing, with other spaces, escapes or order",
        "keep the header byte for byte; do not parse and write it on the way";
}
