//! The header parameters: RFC 7515, RFC 7516, RFC 7518 and the JOSE registry, sorted by name.

use super::Name;

names! {
    "adoTst": "Content time stamp", Object, "ETSI TS 119 182-1 §5",
        "A time stamp of the data";
    "alg": "Algorithm", String, "RFC 7515 §4.1.1",
        "How the token is signed, or how its key is encrypted";
    "apu": "Sender info", Binary, "RFC 7518 §4.6.1.2",
        "What is known of the sender, mixed into the key";
    "apv": "Receiver info", Binary, "RFC 7518 §4.6.1.3",
        "What is known of the receiver, mixed into the key";
    "aud": "Audience", StringOrStrings, "RFC 7519 §5.3",
        "The encrypted token's audience, repeated to be readable";
    "b64": "Encoded payload", Boolean, "RFC 7797 §3",
        "Whether the payload is base64url; if not, it stands as it is";
    "crit": "Critical", Strings, "RFC 7515 §4.1.11",
        "Parameters that a verifier must understand or refuse the token";
    "cty": "Content type", String, "RFC 7515 §4.1.10",
        "What the payload is; JWT if it is another token";
    "enc": "Content encryption", String, "RFC 7516 §4.1.2",
        "How the payload is encrypted";
    "epk": "Ephemeral key", Key, "RFC 7518 §4.6.1.1",
        "The sender's public key for this one message";
    "etsiU": "Unsigned properties", List, "ETSI TS 119 182-1 §5",
        "What was added after signing";
    "iss": "Issuer", StringOrUri, "RFC 7519 §5.3",
        "The encrypted token's issuer, repeated to be readable";
    "iv": "Key wrap IV", Binary, "RFC 7518 §4.7.1.1",
        "The initialization vector by which the key is wrapped";
    "jku": "Key set URL", Url, "RFC 7515 §4.1.2",
        "Where the signer says its keys are; not to be trusted as such";
    "jwk": "Key", Key, "RFC 7515 §4.1.3",
        "The key that the signer says it used; proves nothing by itself";
    "jwt": "Attestation", String, "OpenID4VP 1.0",
        "A token about the signer";
    "key_attestation": "Key attestation", String, "OpenID4VCI 1.0",
        "A token of the wallet's maker about the key";
    "kid": "Key ID", String, "RFC 7515 §4.1.4",
        "Which of the known keys to use";
    "nonce": "Nonce", Binary, "RFC 8555 §6.5.2",
        "The server's value that makes this ACME request unique";
    "p2c": "Iterations", Number, "RFC 7518 §4.8.1.2",
        "How often the password is hashed; a high number costs the receiver";
    "p2s": "Salt", Binary, "RFC 7518 §4.8.1.1",
        "The salt of the password's key";
    "peer_trust_chain": "Peer's trust chain", Strings, "OpenID Federation 1.0",
        "The statements that lead from the receiver to a trust anchor";
    "ppt": "PASSporT extension", String, "RFC 8225 §8.1",
        "The kind of call that this vouches for";
    "sigD": "Detached data", Object, "ETSI TS 119 182-1 §5",
        "What is signed outside the token";
    "sigPId": "Signature policy", Object, "ETSI TS 119 182-1 §5",
        "The policy the signature follows";
    "sigPl": "Signature place", Object, "ETSI TS 119 182-1 §5",
        "Where it was signed";
    "sigT": "Signing time", String, "ETSI TS 119 182-1 §5",
        "When the signer says it signed";
    "sigX5ts": "Certificate digests", List, "ETSI TS 119 182-1 §5",
        "Digests of the signer's certificates";
    "srAts": "Signer attributes", List, "ETSI TS 119 182-1 §5",
        "What the signer says of itself";
    "srCms": "Signer commitments", List, "ETSI TS 119 182-1 §5",
        "What the signer commits to";
    "sub": "Subject", StringOrUri, "RFC 7519 §5.3",
        "The encrypted token's subject, repeated to be readable";
    "svt": "Signature validation tokens", Strings, "RFC 9321 §7",
        "What validators found about this signature";
    "tag": "Key wrap tag", Binary, "RFC 7518 §4.7.1.2",
        "The authentication tag of the wrapped key";
    "trust_chain": "Trust chain", Strings, "OpenID Federation 1.0",
        "The statements that lead from the signer to a trust anchor";
    "typ": "Type", String, "RFC 7515 §4.1.9",
        "What the whole token is";
    "url": "URL", Url, "RFC 8555 §6.4.1",
        "The URL that this ACME request is for";
    "vctm": "Credential types", Strings, "draft-ietf-oauth-sd-jwt-vc",
        "Descriptions of the credential's type";
    "x5c": "Certificate chain", Strings, "RFC 7515 §4.1.6",
        "The signer's certificate and those above it";
    "x5t": "Certificate thumbprint", Binary, "RFC 7515 §4.1.7",
        "The SHA-1 of the signer's certificate";
    "x5t#S256": "Certificate thumbprint", Binary, "RFC 7515 §4.1.8",
        "The SHA-256 of the signer's certificate";
    "x5t#o": "Certificate digest", Object, "ETSI TS 119 182-1 §5",
        "A digest of the signer's certificate";
    "x5u": "Certificate URL", Url, "RFC 7515 §4.1.5",
        "Where the signer says its certificate is";
    "zip": "Compression", String, "RFC 7516 §4.1.3",
        "How the payload was compressed before it was encrypted";
}
