//! Both backends answer the same on generated and mutated encrypted tokens.

use jeton_jose::alg::{ContentEncryptionSet, KeyManagementFamily, KeyManagementSet};
use jeton_jose::jwe::{EncryptionRules, HeaderBuilder, compact, flattened};
use jeton_jose::key::DecryptingKeySet;
use jeton_jose::{Code, ContentEncryption, KeyManagement, base64url};
use jeton_testkit::{backends, decrypting_key, encrypting_key};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Mutation {
    None,
    FlipBit {
        part: usize,
        at: prop::sample::Index,
        bit: u8,
    },
    Truncate {
        part: usize,
        keep: prop::sample::Index,
    },
    Extend {
        part: usize,
        bytes: Vec<u8>,
    },
    Swap {
        one: usize,
        other: usize,
    },
    Text {
        at: prop::sample::Index,
        with: char,
    },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let part = 0..5usize;
    let index = any::<prop::sample::Index>;
    prop_oneof![
        1 => Just(Mutation::None),
        6 => (part.clone(), index(), 0..8u8).prop_map(|(part, at, bit)| Mutation::FlipBit { part, at, bit }),
        2 => (part.clone(), index()).prop_map(|(part, keep)| Mutation::Truncate { part, keep }),
        2 => (part.clone(), prop::collection::vec(any::<u8>(), 1..20)).prop_map(|(part, bytes)| Mutation::Extend { part, bytes }),
        1 => (part.clone(), part).prop_map(|(one, other)| Mutation::Swap { one, other }),
        2 => (index(), any::<char>()).prop_map(|(at, with)| Mutation::Text { at, with }),
    ]
}

fn apply(token: &str, mutation: &Mutation) -> String {
    let mut parts: Vec<Vec<u8>> = token
        .split('.')
        .map(|part| base64url::decode(part).unwrap())
        .collect();
    match mutation {
        Mutation::None => {}
        Mutation::FlipBit { part, at, bit } => {
            let bytes = &mut parts[*part];
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
        }
        Mutation::Truncate { part, keep } => {
            let len = keep.index(parts[*part].len() + 1);
            parts[*part].truncate(len);
        }
        Mutation::Extend { part, bytes } => parts[*part].extend(bytes),
        Mutation::Swap { one, other } => parts.swap(*one, *other),
        Mutation::Text { at, with } => {
            let mut text: Vec<char> = token.chars().collect();
            let at = at.index(text.len());
            text[at] = *with;
            return text.into_iter().collect();
        }
    }
    let parts: Vec<_> = parts.iter().map(|part| base64url::encode(part)).collect();
    parts.join(".")
}

/// The algorithms that every backend decrypts with.
fn common() -> Vec<KeyManagement> {
    KeyManagement::ALL
        .iter()
        .copied()
        .filter(|algorithm| algorithm.row().family != KeyManagementFamily::RsaOaep)
        .collect()
}

fn verdicts(token: &str, algorithm: KeyManagement) -> Vec<Result<Vec<u8>, Code>> {
    let every: KeyManagementSet = KeyManagement::ALL.iter().copied().collect();
    let encryptions: ContentEncryptionSet = ContentEncryption::ALL.iter().copied().collect();
    let mut rules = EncryptionRules::new(every, encryptions);
    rules.limits.pbes2_iterations = 10_000;
    backends()
        .into_iter()
        .map(|backend| {
            let keys: DecryptingKeySet = decrypting_key(algorithm, backend).unwrap().into();
            let decrypted = if token.starts_with('{') {
                flattened::Encrypted::parse(token, &rules.limits)
                    .map_err(Into::into)
                    .and_then(|token| token.decrypt(&keys, &rules))
            } else {
                compact::Encrypted::parse(token, &rules.limits)
                    .map_err(Into::into)
                    .and_then(|token| token.decrypt(&keys, &rules))
            };
            decrypted
                .map(|decrypted| decrypted.plaintext().to_vec())
                .map_err(|error: jeton_jose::jwe::Error| error.code())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn backends_agree_on_encrypted_tokens(
        algorithm in prop::sample::select(common()),
        encryption in prop::sample::select(ContentEncryption::ALL),
        plaintext in prop::collection::vec(any::<u8>(), 0..60),
        mutation in mutation(),
        writer in 0..2usize,
    ) {
        let known = backends();
        let writer = known[writer % known.len()];
        let key = encrypting_key(algorithm, writer);
        let header = HeaderBuilder::new(encryption);
        let fits = algorithm != KeyManagement::Dir || encryption.row().key_len == 32;
        let Ok(token) = compact::encrypt(&key, &header, &plaintext, writer) else {
            prop_assert!(!fits);
            return Ok(());
        };
        let mutated = apply(&token, &mutation);
        let verdicts = verdicts(&mutated, algorithm);
        prop_assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", verdicts);
        if mutated == token {
            prop_assert_eq!(&verdicts[0], &Ok(plaintext));
        } else {
            prop_assert!(verdicts[0].is_err(), "{:?} passes", mutation);
        }
    }
}
