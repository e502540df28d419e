//! The members of a JWK: RFC 7517, RFC 7518 and the JOSE registry, sorted by name.

use super::Name;

names! {
    "alg": "Algorithm", String, "RFC 7517 §4.4",
        "The one algorithm the key is for";
    "crv": "Curve", String, "RFC 7518 §6.2.1.1",
        "The curve the key is on";
    "d": "Private key", Binary, "RFC 7518 §6.2.2.1",
        "The private half; whoever reads it can sign";
    "dp": "First exponent", Binary, "RFC 7518 §6.3.2.4",
        "Private: the exponent for the first prime";
    "dq": "Second exponent", Binary, "RFC 7518 §6.3.2.5",
        "Private: the exponent for the second prime";
    "e": "Exponent", Binary, "RFC 7518 §6.3.1.2",
        "The public exponent of an RSA key";
    "exp": "Expires", Time, "OpenID Federation 1.0",
        "The instant from which the key must no longer be used";
    "ext": "Extractable", Boolean, "Web Cryptography API §14.3",
        "Whether a browser may hand out the key";
    "iat": "Issued", Time, "OpenID Federation 1.0",
        "When the key was made";
    "k": "Secret", Binary, "RFC 7518 §6.4.1",
        "The shared secret; whoever reads it can sign";
    "key_ops": "Operations", Strings, "RFC 7517 §4.3",
        "What the key may do";
    "keys": "Keys", List, "RFC 7517 §5.1",
        "The keys of the set";
    "kid": "Key ID", String, "RFC 7517 §4.5",
        "The key's name in tokens";
    "kty": "Key type", String, "RFC 7517 §4.1",
        "The family of the key";
    "n": "Modulus", Binary, "RFC 7518 §6.3.1.1",
        "The public product of an RSA key's primes";
    "nbf": "Not before", Time, "OpenID Federation 1.0",
        "The instant before which the key must not be used";
    "oth": "Other primes", List, "RFC 7518 §6.3.2.7",
        "Private: further primes of an RSA key";
    "p": "First prime", Binary, "RFC 7518 §6.3.2.2",
        "Private: a prime of an RSA key";
    "priv": "Private key", Binary, "RFC 9964 §3",
        "Private: the seed of a key of the AKP type";
    "pub": "Public key", Binary, "RFC 9964 §3",
        "The public half of a key of the AKP type";
    "q": "Second prime", Binary, "RFC 7518 §6.3.2.3",
        "Private: the other prime of an RSA key";
    "qi": "First coefficient", Binary, "RFC 7518 §6.3.2.6",
        "Private: the second prime's inverse";
    "revoked": "Revoked", Object, "OpenID Federation 1.0",
        "When and why the key was revoked";
    "use": "Use", String, "RFC 7517 §4.2",
        "Whether the key signs (sig) or encrypts (enc)";
    "x": "X coordinate", Binary, "RFC 7518 §6.2.1.2",
        "The public point, or its first half";
    "x5c": "Certificate chain", Strings, "RFC 7517 §4.7",
        "The key's certificate and those above it";
    "x5t": "Certificate thumbprint", Binary, "RFC 7517 §4.8",
        "The SHA-1 of the key's certificate";
    "x5t#S256": "Certificate thumbprint", Binary, "RFC 7517 §4.9",
        "The SHA-256 of the key's certificate";
    "x5u": "Certificate URL", Url, "RFC 7517 §4.6",
        "Where the key's certificate is";
    "y": "Y coordinate", Binary, "RFC 7518 §6.2.1.3",
        "The second half of the public point";
}
