//! Both backends answer the same on generated and mutated tokens.

use jeton_jose::jwt::{self, Policy};
use jeton_jose::{Algorithm, AlgorithmSet, Code, base64url};
use jeton_testkit::{NOW, any_signing_key, backends, public_key_set, verifying_key};
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
    Swap,
    HighS,
    Text {
        at: prop::sample::Index,
        with: char,
    },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let part = 0..3usize;
    prop_oneof![
        1 => Just(Mutation::None),
        6 => (part.clone(), any::<prop::sample::Index>(), 0..8u8).prop_map(|(part, at, bit)| Mutation::FlipBit { part, at, bit }),
        2 => (part.clone(), any::<prop::sample::Index>()).prop_map(|(part, keep)| Mutation::Truncate { part, keep }),
        2 => (part, prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(part, bytes)| Mutation::Extend { part, bytes }),
        1 => Just(Mutation::Swap),
        1 => Just(Mutation::HighS),
        2 => (any::<prop::sample::Index>(), any::<char>()).prop_map(|(at, with)| Mutation::Text { at, with }),
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
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        Mutation::Truncate { part, keep } => {
            let len = keep.index(parts[*part].len());
            parts[*part].truncate(len);
        }
        Mutation::Extend { part, bytes } => parts[*part].extend(bytes),
        Mutation::Swap => {
            let half = parts[2].len() / 2;
            parts[2].rotate_left(half);
        }
        Mutation::HighS => negate_s(&mut parts[2]),
        Mutation::Text { at, with } => {
            let mut text: Vec<char> = token.chars().collect();
            let at = at.index(text.len());
            text[at] = *with;
            return text.into_iter().collect();
        }
    }
    parts
        .iter()
        .map(|part| base64url::encode(part))
        .collect::<Vec<_>>()
        .join(".")
}

/// s becomes n - s on secp256k1: still a valid equation, the other half of the range.
fn negate_s(signature: &mut [u8]) {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36,
        0x41, 0x41,
    ];
    if signature.len() != 64 {
        return;
    }
    let mut borrow = 0i16;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER).rev() {
        let difference = i16::from(order) - i16::from(*byte) - borrow;
        borrow = i16::from(difference < 0);
        *byte = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
}

fn verdicts(token: &str, algorithm: Algorithm) -> Vec<Result<(), Vec<Code>>> {
    let policy = Policy::new(Algorithm::ALL.iter().copied().collect::<AlgorithmSet>());
    backends()
        .into_iter()
        .flat_map(|backend| [verifying_key(algorithm, backend), public_key_set(backend)])
        .map(|keys| {
            jwt::verify(token, &keys, &policy, NOW)
                .map(|_| ())
                .map_err(|error| error.codes())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn backends_agree(
        algorithm in prop::sample::select(Algorithm::ALL),
        subject in "\\PC{0,12}",
        exp in 1_767_225_000i64..1_767_226_000,
        mutation in mutation(),
    ) {
        let token = jwt::Builder::new()
            .subject(&subject)
            .expires_at(jeton_jose::UnixTime::from_seconds(exp))
            .sign(&any_signing_key(algorithm))
            .unwrap();
        let mutated = apply(&token, &mutation);
        let verdicts = verdicts(&mutated, algorithm);
        // The first two come from the first backend, the next two from the second.
        let (first, second) = verdicts.split_at(2);
        if !second.is_empty() {
            prop_assert_eq!(first, second);
        }
        if mutated != token && verdicts[0].is_ok() {
            // Only ECDSA lets a signature change and still hold: (r, n - s).
            prop_assert!(matches!(mutation, Mutation::HighS) && algorithm == Algorithm::ES256K);
        }
    }
}
