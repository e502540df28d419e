use proptest::prelude::*;

use super::*;

/// An encoder bit by bit, as RFC 4648 §5 words it.
fn naive_encode(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    bits.chunks(6)
        .map(|chunk| {
            let value = (0..6).fold(0, |value, at| value << 1 | chunk.get(at).unwrap_or(&0));
            match value {
                0..26 => (b'A' + value) as char,
                26..52 => (b'a' + value - 26) as char,
                52..62 => (b'0' + value - 52) as char,
                62 => '-',
                _ => '_',
            }
        })
        .collect()
}

/// A decoder bit by bit that takes a text only if encoding the result yields it again.
fn naive_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for symbol in text {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits.extend((0..6).rev().map(|bit| value >> bit & 1));
    }
    let bytes: Vec<u8> = bits
        .chunks_exact(8)
        .map(|chunk| chunk.iter().fold(0, |byte, bit| byte << 1 | bit))
        .collect();
    (naive_encode(&bytes).as_bytes() == text).then_some(bytes)
}

fn refused(text: &[u8]) -> (ErrorKind, usize) {
    let error = decode(text).unwrap_err();
    assert_eq!(error.code(), Code::Base64Invalid);
    (error.kind, error.offset)
}

#[test]
fn rfc_4648_vectors() {
    // RFC 4648 §10, without the padding.
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(encode(bytes.as_bytes()), text);
        assert_eq!(decode(text).unwrap(), bytes.as_bytes());
    }
}

#[test]
fn rfc_7515_appendix_c() {
    assert_eq!(encode(&[3, 236, 255, 224, 193]), "A-z_4ME");
    assert_eq!(decode("A-z_4ME").unwrap(), [3, 236, 255, 224, 193]);
}

#[test]
fn every_symbol_stands_for_its_sextet() {
    for byte in 0..=255u8 {
        for place in 0..8 {
            let mut text = *b"AAAAAAAA";
            text[place] = byte;
            assert_eq!(decode(text).ok(), naive_decode(&text), "{byte} at {place}");
        }
    }
}

#[test]
fn appends_and_leaves_the_output_alone_on_error() {
    let mut text = String::from("head.");
    encode_to(b"foob", &mut text);
    assert_eq!(text, "head.Zm9vYg");
    let mut bytes = vec![1, 2];
    decode_to("Zm9v", &mut bytes).unwrap();
    assert_eq!(bytes, [1, 2, b'f', b'o', b'o']);
    decode_to("Zm9v!m9v", &mut bytes).unwrap_err();
    decode_to("Zm9vZ", &mut bytes).unwrap_err();
    assert_eq!(bytes, [1, 2, b'f', b'o', b'o']);
}

#[test]
fn a_short_output_is_an_error() {
    let mut out = [0; 4];
    assert_eq!(
        decode_slice(b"Zm9vYmE", &mut out).unwrap_err().kind,
        ErrorKind::OutputTooShort
    );
    assert_eq!(decode_slice(b"Zm9v", &mut out), Ok(3));
    assert_eq!(&out[..3], b"foo");
}

#[test]
fn lengths() {
    let lengths: Vec<_> = (0..10).map(decoded_len).collect();
    let expected = [
        Some(0),
        None,
        Some(1),
        Some(2),
        Some(3),
        None,
        Some(4),
        Some(5),
        Some(6),
        None,
    ];
    assert_eq!(lengths, expected);
    assert_eq!(decoded_len(usize::MAX), Some(usize::MAX / 4 * 3 + 2));
}

#[test]
fn attack_41_other_spellings() {
    assert_eq!(refused(b"Zg=="), (ErrorKind::Padding, 2));
    assert_eq!(refused(b"Zm8="), (ErrorKind::Padding, 3));
    assert_eq!(refused(b"Zm9vZm9v="), (ErrorKind::Padding, 8));
    assert_eq!(refused(b"A+z_4ME"), (ErrorKind::StandardAlphabet, 1));
    assert_eq!(refused(b"A-z/4ME"), (ErrorKind::StandardAlphabet, 3));
    for space in *b" \t\n\r\x0B\x0C" {
        assert_eq!(
            refused(&[b'Z', b'm', b'9', b'v', space]),
            (ErrorKind::WhiteSpace, 4)
        );
        assert_eq!(
            refused(&[space, b'Z', b'm', b'9']),
            (ErrorKind::WhiteSpace, 0)
        );
    }
    assert_eq!(refused(b"Zm9v\0"), (ErrorKind::Character, 4));
    assert_eq!(refused(b"Zm.v"), (ErrorKind::Character, 2));
    assert_eq!(refused("Zmé".as_bytes()), (ErrorKind::NonAscii, 2));
    // Full-width letters.
    assert_eq!(refused("Ｚｍ９ｖ".as_bytes()), (ErrorKind::NonAscii, 0));
    assert_eq!(refused(b"Zm9vY"), (ErrorKind::Length, 5));
    assert_eq!(refused(b"Z"), (ErrorKind::Length, 1));
}

#[test]
fn attack_41_trailing_bits() {
    for canonical in ["Zg", "Zm8", "Zm9vYg", "Zm9vYmE"] {
        let mut accepted = 0;
        for last in ALPHABET {
            let mut text = canonical.as_bytes().to_vec();
            *text.last_mut().unwrap() = *last;
            match decode(&text) {
                Ok(bytes) => {
                    accepted += 1;
                    assert_eq!(encode(&bytes).as_bytes(), text);
                }
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::TrailingBits);
                    assert_eq!(error.offset, text.len() - 1);
                }
            }
        }
        // Two symbols leave four free bits, three leave two.
        assert_eq!(accepted, if canonical.len() % 4 == 2 { 4 } else { 16 });
    }
}

#[test]
fn messages_name_the_fault_only() {
    let error = decode("c2VjcmV0=").unwrap_err();
    assert_eq!(error.to_string(), "padding at byte 8");
}

proptest! {
    #[test]
    fn encodes_as_the_naive_encoder(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = encode(&bytes);
        prop_assert_eq!(&text, &naive_encode(&bytes));
        prop_assert_eq!(decode(text).unwrap(), bytes);
    }

    #[test]
    fn decodes_as_the_naive_decoder(
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        at in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let mut text = encode(&bytes).into_bytes();
        if !text.is_empty() {
            let at = at.index(text.len());
            text[at] = change;
        }
        prop_assert_eq!(decode(&text).ok(), naive_decode(&text));
    }

    #[test]
    fn attack_41_one_text_per_value(text in "[A-Za-z0-9_=+/-]{0,12}") {
        if let Ok(bytes) = decode(&text) {
            prop_assert_eq!(encode(&bytes), text);
        }
    }
}
