//! JWKs as RFC 7517 shows them, and what must be refused.

use crate::alg::{Algorithm, AlgorithmSet, Hash};
use crate::backend::tests::backends;
use crate::code::Code;
use crate::jwk::{Jwk, JwkSet};
use crate::key::testdata::{ED25519_PKCS8, P256_PKCS8, RSA_PKCS8, SECP256K1_PKCS8, read_one};
use crate::key::{KeyError, KeyForm, KeyMaterial, VerifyingKeySet, read};
use crate::secret::Secret;

const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
const ED25519: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// RFC 7517 A.1, second key; RFC 7638 §3.1.
const RSA: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

fn parse(json: &str) -> Result<Jwk, KeyError> {
    Jwk::parse(json.as_bytes())
}

fn refused(json: &str) -> (&'static str, &'static str) {
    match parse(json).unwrap_err() {
        KeyError::Invalid { member, problem } => (member, problem),
        other => panic!("{other}: {json}"),
    }
}

/// The key with one member replaced or added.
fn with(json: &str, member: &str, value: &str) -> String {
    let start = json.strip_suffix('}').unwrap();
    let name = format!("\"{member}\":");
    match start.split_once(&name) {
        None => format!("{start},{name}{value}}}"),
        Some((before, after)) => {
            let rest = after.split_once(',').map_or("", |(_, rest)| rest);
            let comma = if rest.is_empty() { "" } else { "," };
            format!("{before}{name}{value}{comma}{rest}}}")
        }
    }
}

#[test]
fn thumbprints_are_those_of_the_rfcs() {
    for backend in backends() {
        let rsa = parse(RSA).unwrap();
        let expected = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        assert_eq!(rsa.thumbprint(Hash::Sha256, backend), expected);
        assert_eq!(
            rsa.thumbprint_uri(Hash::Sha256, backend),
            format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{expected}")
        );
        // RFC 8037 A.3
        let ed = parse(ED25519).unwrap();
        assert_eq!(
            ed.thumbprint(Hash::Sha256, backend),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
        let private = read_one(RSA_PKCS8, backend);
        let public = private.public().unwrap().with_key_id("other");
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            assert_eq!(
                private.thumbprint(hash, backend),
                public.thumbprint(hash, backend),
                "of the public numbers alone"
            );
        }
    }
}

#[test]
fn what_is_read_is_written_again() {
    let json = concat!(
        r#"{"kty":"EC","use":"sig","key_ops":["verify"],"alg":"ES256","kid":"k\"1","crv":"P-256","#,
        r#""x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","#,
        r#""y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","#,
        r#""x5t":"abc","exp":1.50e1,"ext":{"b":[1, 2],"a":null}}"#
    );
    let key = parse(json).unwrap();
    assert_eq!(key.to_json().as_str(), json);
    assert_eq!(key.to_public_json().as_deref(), Some(json));
    assert_eq!(key.key_id(), Some("k\"1"));
    assert_eq!(key.key_use(), Some("sig"));
    assert_eq!(key.algorithm(), Some(Algorithm::ES256));
    assert_eq!(key.members().len(), 3);
}

#[test]
fn private_members_stay_out_of_public_json() {
    for backend in backends() {
        for text in [RSA_PKCS8, P256_PKCS8, SECP256K1_PKCS8, ED25519_PKCS8] {
            let key = read_one(text, backend).with_key_ops(["sign"]);
            let json = key.to_json();
            assert_eq!(parse(&json), Ok(key.clone()));
            let public = parse(&key.to_public_json().unwrap()).unwrap();
            assert_eq!(Some(&public), key.public().as_ref());
            assert!(!public.material().is_private());
            assert_eq!(public.key_ops(), Some(&["verify".to_owned()][..]));
            for name in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\""] {
                assert!(!key.to_public_json().unwrap().contains(name));
            }
        }
    }
    let secret = Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; 32])));
    assert_eq!(secret.to_public_json(), None);
    let set: JwkSet = [secret, parse(P256).unwrap()].into_iter().collect();
    assert_eq!(set.to_public_json(), format!(r#"{{"keys":[{P256}]}}"#));
}

#[test]
fn numbers_have_exactly_their_length() {
    let short = r#""4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFw""#;
    let long = r#""AOBLZekkVtmIi1Kzeb371R7oae8fD8ZbZllpW2zOCBcj""#;
    for value in [short, long, "\"\""] {
        let problem = "does not have the length of the curve";
        assert_eq!(refused(&with(P256, "y", value)), ("y", problem));
        assert_eq!(refused(&with(P256, "x", value)), ("x", problem));
        assert_eq!(refused(&with(P256, "d", value)), ("d", problem));
    }
    assert_eq!(refused(&with(ED25519, "x", short)).0, "x");
    assert_eq!(refused(&with(ED25519, "d", short)).0, "d");
    let zero = format!("\"{}\"", "A".repeat(43));
    assert_eq!(
        refused(&with(P256, "d", &zero)),
        ("d", "is not between 1 and the order of the curve")
    );
    for nothing in ["\"\"", "\"AAAA\""] {
        assert_eq!(refused(&with(RSA, "e", nothing)), ("e", "is zero or empty"));
    }
    let zeros = Jwk::parse(with(RSA, "e", "\"AAEAAQ\"").as_bytes()).unwrap();
    assert_eq!(zeros, Jwk::parse(RSA.as_bytes()).unwrap());
    assert_eq!(refused(&with(RSA, "n", "\"AQAB\"")).0, "n");
}

#[test]
fn members_have_their_type() {
    for (json, member) in [
        ("{}", "kty"),
        (r#"{"kty":"oct"}"#, "k"),
        (r#"{"kty":"oct","k":""}"#, "k"),
        (r#"{"kty":"oct","k":7}"#, "k"),
        (r#"{"kty":"oct","k":"AA=="}"#, "k"),
        (r#"{"kty":"oct","k":"A A"}"#, "k"),
        (r#"{"kty":"oct","k":"AB"}"#, "k"),
        (r#"{"kty":"rsa"}"#, "kty"),
        (r#"{"kty":7}"#, "kty"),
        (r#"{"kty":"EC","crv":"Ed25519"}"#, "crv"),
        (r#"{"kty":"EC","crv":"P-192"}"#, "crv"),
        (r#"{"kty":"OKP","crv":"X448"}"#, "crv"),
        (r#"{"kty":"OKP"}"#, "crv"),
    ] {
        assert_eq!(refused(json).0, member, "{json}");
    }
    for (member, value) in [
        ("kid", "7"),
        ("alg", "null"),
        ("use", "[\"sig\"]"),
        ("key_ops", "\"verify\""),
        ("key_ops", "[7]"),
        ("key_ops", "[\"verify\",\"verify\"]"),
        ("x5c", "\"abc\""),
        ("x5c", "[]"),
        ("x5t", "7"),
        ("x5t#S256", "{}"),
        ("x5u", "false"),
        ("k", "\"AA\""),
        ("n", "\"AA\""),
        ("oth", "[]"),
        ("priv", "\"AA\""),
    ] {
        assert_eq!(refused(&with(P256, member, value)).0, member, "{value}");
    }
    for json in ["[]", "\"key\"", "null", "7"] {
        assert_eq!(parse(json).unwrap_err().code(), Code::KeyFormat);
    }
    for json in ["", "{", "\u{feff}{}", "{\"kty\":\"oct\",\"k\":\"AA\"}x"] {
        assert_eq!(parse(json).unwrap_err().code(), Code::JsonInvalid, "{json}");
    }
    let many: Vec<_> = (0..33).map(|number| format!("\"op{number}\"")).collect();
    let many = with(P256, "key_ops", &format!("[{}]", many.join(",")));
    assert_eq!(refused(&many), ("key_ops", "names too many operations"));
    let twice = r#"{"kty":"oct","k":"AA","k":"AQ"}"#;
    assert_eq!(parse(twice).unwrap_err().code(), Code::JsonDuplicateName);
}

#[test]
fn a_private_rsa_key_needs_all_its_numbers() {
    assert_eq!(
        refused(&with(RSA, "d", "\"AQ\"")),
        (
            "p",
            "is missing (a private RSA key needs its primes and their exponents)"
        )
    );
    assert_eq!(refused(&with(RSA, "p", "\"AQ\"")), ("d", "is missing"));
    assert_eq!(refused(&with(RSA, "oth", "[]")).0, "oth");
}

#[test]
fn private_rsa_numbers_are_no_longer_than_the_modulus() {
    let backend = backends()[0];
    let json = read_one(RSA_PKCS8, backend).to_json();
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        let huge = format!("\"{}\"", "B".repeat(400_000));
        assert_eq!(
            refused(&with(&json, member, &huge)),
            (member, "is longer than the modulus")
        );
    }
}

#[test]
fn json_of_a_private_key_never_moves_while_it_is_written() {
    let backend = backends()[0];
    let keys = [RSA_PKCS8, P256_PKCS8, SECP256K1_PKCS8, ED25519_PKCS8];
    let mut keys: Vec<_> = keys.map(|text| read_one(text, backend)).into();
    keys.push(Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; 100_000]))));
    for key in keys {
        let url = format!("\"{}\"", "A".repeat(20_000));
        let key = parse(&with(&key.to_json(), "x5u", &url)).unwrap();
        let key = key
            .with_key_id("\u{1}".repeat(1000))
            .with_key_ops(["sign", "verify"]);
        let json = key.to_json();
        assert_eq!(json.capacity(), key.json_len());
    }
}

#[test]
fn debug_shows_no_value_of_an_extension() {
    let key = parse(&with(P256, "password", "\"hunter2\"")).unwrap();
    let shown = format!("{key:?}");
    assert!(shown.contains("password"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn an_alg_for_something_else_does_not_sign() {
    for (alg, problem) in [
        ("\"ECDH-ES\"", "is not a signature algorithm"),
        ("\"none\"", "is not a signature algorithm"),
        ("\"es256\"", "is not a signature algorithm"),
        ("\"RS256\"", "does not fit the key's type or curve"),
    ] {
        let key = parse(&with(P256, "alg", alg)).unwrap();
        let expected = KeyError::Invalid {
            member: "alg",
            problem,
        };
        assert_eq!(key.algorithms(), Err(expected.clone()));
        assert_eq!(key.only_algorithm(), Err(expected));
    }
    assert_eq!(parse(P256).unwrap().only_algorithm(), Ok(Algorithm::ES256));
    assert_eq!(
        parse(ED25519).unwrap().only_algorithm(),
        Err(KeyError::AlgorithmAmbiguous {
            candidates: [Algorithm::Ed25519, Algorithm::EdDSA].into()
        })
    );
}

#[test]
fn attack_16_a_set_survives_members_it_does_not_know() {
    let broken = with(P256, "x", "\"AA\"").replace('}', r#","kid":"broken"}"#);
    let json = format!(
        r#"{{"keys":[{{"kty":"AKP","alg":"ML-DSA-44","pub":"AA","kid":"pq"}},7,{broken},{},{RSA},{{}}],"x":1}}"#,
        with(P256, "use", "\"enc\"")
    );
    let set = JwkSet::parse(json.as_bytes()).unwrap();
    assert_eq!(set.keys.len(), 2);
    let skipped: Vec<_> = set
        .skipped
        .iter()
        .map(|skipped| {
            (
                skipped.index,
                skipped.key_id.as_deref(),
                skipped.error.code(),
            )
        })
        .collect();
    assert_eq!(
        skipped,
        [
            (0, Some("pq"), Code::KeyInvalid),
            (1, None, Code::KeyFormat),
            (2, Some("broken"), Code::KeyInvalid),
            (5, None, Code::KeyInvalid),
        ]
    );
    for backend in backends() {
        let usable = VerifyingKeySet::new(&set.keys, AlgorithmSet::asymmetric(), backend).unwrap();
        assert_eq!(usable.keys().len(), 1);
        assert_eq!(usable.keys()[0].algorithm(), Algorithm::RS256);
        let found = read(json.as_bytes(), backend).unwrap();
        assert_eq!(found.form, KeyForm::JwkSet);
        assert_eq!(found.keys, set.keys);
        assert_eq!(found.skipped, set.skipped);
    }
}

#[test]
fn a_set_is_an_object_with_keys() {
    for (json, code) in [
        ("[]", Code::KeyFormat),
        ("{}", Code::KeyFormat),
        (r#"{"keys":{}}"#, Code::KeyInvalid),
        (r#"{"keys":null}"#, Code::KeyInvalid),
        (r#"{"keys":[],"keys":[]}"#, Code::JsonDuplicateName),
    ] {
        let refused = JwkSet::parse(json.as_bytes()).unwrap_err();
        assert_eq!(refused.code(), code, "{json}");
    }
    assert_eq!(JwkSet::parse(br#"{"keys":[]}"#), Ok(JwkSet::default()));
}

#[test]
fn an_akp_key_needs_the_alg_it_is_for() {
    let public = crate::base64url::encode(&[7; 1312]);
    let key = format!(r#"{{"kty":"AKP","alg":"ML-DSA-44","pub":"{public}"}}"#);
    let jwk = parse(&key).unwrap();
    assert_eq!(jwk.only_algorithm(), Ok(Algorithm::MlDsa44));
    assert_eq!(jwk.to_json().as_str(), key);

    assert_eq!(
        refused(&key.replace(r#""alg":"ML-DSA-44","#, "")),
        ("alg", "is missing")
    );
    for other in ["ES256", "ml-dsa-44", "EdDSA"] {
        assert_eq!(
            refused(&key.replace("ML-DSA-44", other)),
            ("alg", "is not ML-DSA-44, ML-DSA-65 or ML-DSA-87")
        );
    }
    assert_eq!(
        refused(&key.replace("ML-DSA-44", "ML-DSA-65")),
        ("pub", "does not have the length of the algorithm")
    );
    assert_eq!(
        refused(&with(&key, "priv", "\"AAAA\"")),
        ("priv", "does not have 32 bytes")
    );
    for member in ["d", "x", "k"] {
        let problem = "does not belong to a key of this `kty`";
        assert_eq!(refused(&with(&key, member, "\"AAAA\"")), (member, problem));
        assert_eq!(
            refused(&with(ED25519, "priv", "\"AAAA\"")),
            ("priv", problem)
        );
    }
    for backend in backends() {
        let wrong = jwk.clone().with_algorithm(Algorithm::MlDsa65);
        let error = crate::key::VerifyingKey::new(&wrong, Algorithm::MlDsa65, backend).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the ML-DSA-44 key cannot serve ML-DSA-65"
        );
    }
}
