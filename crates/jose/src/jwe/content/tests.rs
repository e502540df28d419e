//! RFC 7518 Appendix B, and what both backends refuse.

use super::{Cipher, Sealed, inflate};
use crate::alg::ContentEncryption;
use crate::backend::Encryption;
use crate::backend::tests::backends;
use crate::jwe::Error;
use crate::secret::Secret;

const PLAINTEXT: &[u8] = b"A cipher system must not be required to be secret, and it must be able \
to fall into the hands of the enemy without inconvenience";
const AAD: &[u8] = b"The second principle of Auguste Kerckhoffs";
const IV: [u8; 16] = [
    0x1a, 0xf3, 0x8c, 0x2d, 0xc2, 0xb9, 0x6f, 0xfd, 0xd8, 0x66, 0x94, 0x09, 0x23, 0x41, 0xbc, 0x04,
];

/// The key of all three figures counts up from 0.
fn key(encryption: ContentEncryption) -> Secret {
    Secret::new((0..).take(encryption.row().key_len).collect())
}

fn cipher<'a>(
    backend: &'a dyn Encryption,
    encryption: ContentEncryption,
    key: &'a Secret,
) -> Cipher<'a> {
    Cipher {
        backend,
        encryption,
        key,
    }
}

fn iv(encryption: ContentEncryption) -> Vec<u8> {
    IV[..encryption.row().iv_len].to_vec()
}

#[test]
fn rfc_7518_appendix_b() {
    // The tag covers the ciphertext, of which the first block is compared as well.
    for (encryption, block, tag) in [
        (
            ContentEncryption::A128CBC_HS256,
            [0xc8, 0x0e, 0xdf, 0xa3, 0x2d, 0xdf, 0x39, 0xd5],
            &[
                0x65, 0x2c, 0x3f, 0xa3, 0x6b, 0x0a, 0x7c, 0x5b, 0x32, 0x19, 0xfa, 0xb3, 0xa3, 0x0b,
                0xc1, 0xc4,
            ][..],
        ),
        (
            ContentEncryption::A192CBC_HS384,
            [0xea, 0x65, 0xda, 0x6b, 0x59, 0xe6, 0x1e, 0xdb],
            &[
                0x84, 0x90, 0xac, 0x0e, 0x58, 0x94, 0x9b, 0xfe, 0x51, 0x87, 0x5d, 0x73, 0x3f, 0x93,
                0xac, 0x20, 0x75, 0x16, 0x80, 0x39, 0xcc, 0xc7, 0x33, 0xd7,
            ],
        ),
        (
            ContentEncryption::A256CBC_HS512,
            [0x4a, 0xff, 0xaa, 0xad, 0xb7, 0x8c, 0x31, 0xc5],
            &[
                0x4d, 0xd3, 0xb4, 0xc0, 0x88, 0xa7, 0xf4, 0x5c, 0x21, 0x68, 0x39, 0x64, 0x5b, 0x20,
                0x12, 0xbf, 0x2e, 0x62, 0x69, 0xa8, 0xc5, 0x6a, 0x81, 0x6d, 0xbc, 0x1b, 0x26, 0x77,
                0x61, 0x95, 0x5b, 0xc5,
            ],
        ),
    ] {
        for backend in backends() {
            let key = key(encryption);
            let sealed = cipher(backend, encryption, &key)
                .seal(IV.to_vec(), AAD, PLAINTEXT)
                .unwrap();
            assert_eq!(sealed.ciphertext[..8], block, "{encryption}");
            assert_eq!(sealed.tag, tag, "{encryption}");
            let opened = cipher(backend, encryption, &key)
                .open(&sealed, AAD)
                .unwrap();
            assert_eq!(opened.expose(), PLAINTEXT);
        }
    }
}

#[test]
fn what_one_backend_seals_the_other_opens() {
    for encryption in ContentEncryption::ALL.iter().copied() {
        for one in backends() {
            for len in [0, 1, 15, 16, 17, 1000] {
                let (key, plaintext) = (key(encryption), vec![5; len]);
                let sealed = cipher(one, encryption, &key)
                    .seal(iv(encryption), AAD, &plaintext)
                    .unwrap();
                for other in backends() {
                    let opened = cipher(other, encryption, &key).open(&sealed, AAD).unwrap();
                    assert_eq!(opened.expose(), plaintext, "{encryption}");
                }
            }
        }
    }
}

#[test]
fn attack_25_26_nothing_changed_or_cut_opens() {
    for encryption in ContentEncryption::ALL.iter().copied() {
        for backend in backends() {
            let key = key(encryption);
            let sealed = cipher(backend, encryption, &key)
                .seal(iv(encryption), AAD, PLAINTEXT)
                .unwrap();
            let refused = |sealed: &Sealed, aad: &[u8]| {
                assert!(
                    cipher(backend, encryption, &key)
                        .open(sealed, aad)
                        .is_none(),
                    "{encryption} {}",
                    backend.name()
                );
            };
            refused(&sealed, b"");
            refused(&sealed, &AAD[1..]);
            for change in changes(&sealed) {
                refused(&change, AAD);
            }
            let other = Secret::new(vec![9; key.len()]);
            assert!(
                cipher(backend, encryption, &other)
                    .open(&sealed, AAD)
                    .is_none()
            );
        }
    }
}

/// Each part with a bit flipped, cut, lengthened and empty.
fn changes(sealed: &Sealed) -> Vec<Sealed> {
    let part: [fn(&mut Sealed) -> &mut Vec<u8>; 3] = [
        |sealed| &mut sealed.iv,
        |sealed| &mut sealed.ciphertext,
        |sealed| &mut sealed.tag,
    ];
    let change: [fn(&mut Vec<u8>); 6] = [
        |bytes| bytes[0] ^= 1,
        |bytes| *bytes.last_mut().unwrap() ^= 0x80,
        |bytes| bytes.truncate(bytes.len() - 1),
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.push(0),
        Vec::clear,
    ];
    let mut changes = Vec::new();
    for part in part {
        for change in change {
            let mut changed = sealed.clone();
            change(part(&mut changed));
            changes.push(changed);
        }
    }
    changes
}

#[test]
fn attack_30_inflation_stops_at_the_limit() {
    let zeros = |len: usize| {
        let bytes = vec![0; len];
        Secret::new(miniz_oxide::deflate::compress_to_vec(&bytes, 9))
    };
    assert_eq!(inflate(&zeros(250_000), 250_000).unwrap().len(), 250_000);
    let bomb = zeros(100 << 20);
    assert!(
        bomb.len() < 128 * 1024,
        "a small token: {} bytes",
        bomb.len()
    );
    let refused = Error::Inflated { limit: 250_000 };
    assert_eq!(inflate(&bomb, 250_000).unwrap_err(), refused);
    assert_eq!(inflate(&zeros(250_001), 250_000).unwrap_err(), refused);
    for broken in [&b""[..], b"\xff\xff", &zeros(1000).expose()[..3]] {
        let broken = Secret::new(broken.to_vec());
        assert_eq!(inflate(&broken, 250_000).unwrap_err(), Error::Decryption);
    }
}
