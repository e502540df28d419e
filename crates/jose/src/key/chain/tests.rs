//! Chains as OpenSSL makes them, and made by hand where each rule is broken in turn.

use super::*;
use crate::backend::GenerateKind;
use crate::backend::tests::backends;
use crate::jwk::Jwk;
use crate::key::{KeyForm, SigningKey, Structure, generate, write};

/// 2030-01-01, in the validity of everything here.
const NOW: UnixTime = UnixTime::from_seconds(1_893_456_000);
/// Leaf (P-256) under an intermediate (P-384, ECDSA with SHA-384) under a root (RSA; RSA-PSS).
const OPENSSL: &str = include_str!("../testdata/openssl-chain.pem");

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match content.len() {
        len @ 0..=0x7f => out.push(u8::try_from(len).unwrap()),
        len @ 0x80..=0xff => out.extend([0x81, u8::try_from(len).unwrap()]),
        len => {
            let bytes = u16::try_from(len).unwrap().to_be_bytes();
            out.extend([0x82, bytes[0], bytes[1]]);
        }
    }
    out.extend(content);
    out
}

fn name(common: &str) -> Vec<u8> {
    let value = tlv(0x0c, &[common.as_bytes()]);
    let attribute = tlv(0x30, &[&[0x06, 3, 0x55, 4, 3], &value]);
    tlv(0x30, &[&tlv(0x31, &[&attribute])])
}

/// An extension of `id-ce`.
fn extension(id: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    tlv(
        0x30,
        &[&[0x06, 3, 0x55, 0x1d, id], critical, &tlv(4, &[value])],
    )
}

fn basic_constraints(ca: bool, path_len: Option<u8>) -> Vec<u8> {
    let ca: &[u8] = if ca { &[1, 1, 0xff] } else { &[] };
    let len = path_len.map_or_else(Vec::new, |len| vec![2, 1, len]);
    extension(19, true, &tlv(0x30, &[ca, &len]))
}

/// `bits` from the first on: 0x80 is digitalSignature, 0x20 keyEncipherment, 0x04 keyCertSign.
fn key_usage(bits: u8) -> Vec<u8> {
    let unused = u8::try_from(bits.trailing_zeros()).unwrap();
    extension(15, true, &[3, 2, unused, bits])
}

/// A key with its name.
struct Party {
    name: &'static str,
    algorithm: Algorithm,
    jwk: Jwk,
    backend: &'static dyn Backend,
}

impl Party {
    fn new(name: &'static str, algorithm: Algorithm, backend: &'static dyn Backend) -> Self {
        let jwk = Jwk::from(generate(GenerateKind::for_algorithm(algorithm), backend).unwrap());
        Self {
            name,
            algorithm,
            jwk,
            backend,
        }
    }

    /// A certificate for `subject`, valid from 2020 to 2039.
    fn certifies(&self, subject: &Party, extensions: &[Vec<u8>]) -> Certificate {
        self.certifies_for(subject, extensions, (b"200101000000Z", b"391231235959Z"))
    }

    fn certifies_for(
        &self,
        subject: &Party,
        extensions: &[Vec<u8>],
        (from, to): (&[u8], &[u8]),
    ) -> Certificate {
        let der = self.der(subject, extensions, (from, to));
        Certificate::from_der(&der).unwrap()
    }

    fn der(&self, subject: &Party, extensions: &[Vec<u8>], (from, to): (&[u8], &[u8])) -> Vec<u8> {
        let identifier: &[u8] = match self.algorithm {
            Algorithm::Ed25519 => &[0x30, 5, 6, 3, 0x2b, 0x65, 0x70],
            Algorithm::ES256 => &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
            Algorithm::MlDsa44 => &[0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x11],
            other => panic!("{other}"),
        };
        let key = write(&subject.jwk, KeyForm::Der(Structure::Spki)).unwrap();
        let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        let extensions = match &extensions[..] {
            [] => Vec::new(),
            some => tlv(0xa3, &[&tlv(0x30, some)]),
        };
        let body = tlv(
            0x30,
            &[
                &[0xa0, 3, 2, 1, 2],
                &[2, 1, 7],
                identifier,
                &name(self.name),
                &tlv(0x30, &[&tlv(0x17, &[from]), &tlv(0x17, &[to])]),
                &name(subject.name),
                key.expose(),
                &extensions,
            ],
        );
        let signing = SigningKey::new(&self.jwk, self.algorithm, self.backend).unwrap();
        let mut signature = Vec::new();
        signing.sign(&body, &mut signature).unwrap();
        if self.algorithm == Algorithm::ES256 {
            let half = |bytes: &[u8]| {
                let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                let sign: &[u8] = if bytes[zeros] & 0x80 == 0 { &[] } else { &[0] };
                tlv(2, &[sign, &bytes[zeros..]])
            };
            signature = tlv(0x30, &[&half(&signature[..32]), &half(&signature[32..])]);
        }
        tlv(0x30, &[&body, identifier, &tlv(3, &[&[0], &signature])])
    }
}

/// A root, an intermediate, a leaf; each of an algorithm of its own.
struct Scene {
    root: Party,
    middle: Party,
    leaf: Party,
    backend: &'static dyn Backend,
}

impl Scene {
    fn all() -> Vec<Self> {
        let scene = |backend: &'static dyn Backend| Self {
            root: Party::new("root", Algorithm::MlDsa44, backend),
            middle: Party::new("middle", Algorithm::ES256, backend),
            leaf: Party::new("leaf", Algorithm::Ed25519, backend),
            backend,
        };
        backends().into_iter().map(|one| scene(one)).collect()
    }

    fn root(&self) -> Certificate {
        self.root.certifies(
            &self.root,
            &[basic_constraints(true, None), key_usage(0x04)],
        )
    }

    fn middle(&self) -> Certificate {
        self.root.certifies(
            &self.middle,
            &[basic_constraints(true, Some(0)), key_usage(0x04)],
        )
    }

    fn leaf(&self) -> Certificate {
        self.middle.certifies(
            &self.leaf,
            &[basic_constraints(false, None), key_usage(0x80)],
        )
    }

    fn verify(&self, chain: &[Certificate], anchor: Certificate) -> Result<(), String> {
        verify(chain, anchor, NOW, self.backend)
    }
}

fn verify(
    chain: &[Certificate],
    anchor: Certificate,
    now: UnixTime,
    backend: &dyn Backend,
) -> Result<(), String> {
    let anchors = TrustAnchors::new(vec![anchor]).unwrap();
    match anchors.verify(chain, now, backend) {
        Ok(first) => {
            assert_eq!(Some(first), chain.first());
            Ok(())
        }
        Err(error) => {
            assert_eq!(error.code(), crate::Code::CertificateUntrusted);
            Err(error.to_string())
        }
    }
}

/// That it fails, and why.
fn refused(result: Result<(), String>, because: &str) {
    let error = result.expect_err(because);
    assert!(error.contains(because), "{error}, expected {because}");
}

#[test]
fn openssls_chain_leads_to_its_root_only() {
    let chain = Certificate::read_all(OPENSSL.as_bytes()).unwrap();
    let [leaf, middle, root] = &chain[..] else {
        panic!("three certificates")
    };
    for backend in backends() {
        let backend: &dyn Backend = backend;
        let check = |chain: &[Certificate], anchor: &Certificate| {
            verify(chain, anchor.clone(), NOW, backend)
        };
        assert_eq!(check(&chain, root), Ok(()));
        assert_eq!(
            check(&chain[..2], root),
            Ok(()),
            "the root need not be there"
        );
        assert_eq!(
            check(&chain[..1], middle),
            Ok(()),
            "an intermediate may be the anchor"
        );
        assert_eq!(check(&chain[..1], leaf), Ok(()), "pinned");
        refused(check(&chain[..1], root), "none of the anchors");
        refused(
            check(&[leaf.clone(), root.clone()], root),
            "none of the anchors",
        );
        refused(
            check(&chain[1..], root),
            "`keyUsage` of its first certificate",
        );
        refused(check(&[], root), "is empty");
        for (now, because) in [
            (1_795_318_736, "not valid yet"),
            (4_948_918_738, "has expired"),
        ] {
            let now = UnixTime::from_seconds(now);
            refused(verify(&chain, root.clone(), now, backend), because);
        }
        let early = UnixTime::from_seconds(-1);
        refused(verify(&chain, root.clone(), early, backend), "before 1970");
    }
}

#[test]
fn every_signature_counts() {
    for scene in Scene::all() {
        let chain = [scene.leaf(), scene.middle()];
        assert_eq!(scene.verify(&chain, scene.root()), Ok(()));
        // Another root of the same name.
        let impostor = Party::new("root", Algorithm::MlDsa44, scene.backend);
        let other = impostor.certifies(&impostor, &[basic_constraints(true, None)]);
        refused(scene.verify(&chain, other), "is not good");
        // Another intermediate of the same name has signed the leaf.
        let impostor = Party::new("middle", Algorithm::ES256, scene.backend);
        let forged = impostor.certifies(&scene.leaf, &[]);
        refused(
            scene.verify(&[forged, scene.middle()], scene.root()),
            "is not good",
        );
        // A bit of each certificate flipped, wherever it can still be read.
        for at in 0..2 {
            let good = chain[at].der().to_vec();
            for position in (0..good.len()).step_by(7) {
                let mut bad = good.clone();
                bad[position] ^= 1;
                let Ok(bad) = Certificate::from_der(&bad) else {
                    continue;
                };
                let mut chain = chain.clone();
                chain[at] = bad;
                assert!(
                    scene.verify(&chain, scene.root()).is_err(),
                    "{at} {position}"
                );
            }
        }
    }
}

#[test]
fn only_authorities_issue() {
    for scene in Scene::all() {
        let leaf = scene.leaf();
        let no_authority = "no authority stands among them";
        for extensions in [
            vec![],
            vec![basic_constraints(false, None)],
            vec![basic_constraints(false, Some(0)), key_usage(0x04)],
            vec![basic_constraints(true, None), key_usage(0x80)],
            vec![key_usage(0x04)],
        ] {
            let middle = scene.root.certifies(&scene.middle, &extensions);
            let chain = [leaf.clone(), middle.clone()];
            refused(scene.verify(&chain, scene.root()), no_authority);
            // Nor does it as an anchor; it stands for itself.
            refused(
                scene.verify(&chain[..1], middle.clone()),
                "none of the anchors",
            );
            if !extensions.contains(&key_usage(0x04)) {
                assert_eq!(
                    scene.verify(core::slice::from_ref(&middle), middle.clone()),
                    Ok(())
                );
            }
        }
        let leaf_as_authority = scene.middle.certifies(
            &scene.leaf,
            &[basic_constraints(true, None), key_usage(0x84)],
        );
        let chain = [leaf_as_authority, scene.middle()];
        refused(
            scene.verify(&chain, scene.root()),
            "first certificate is that of an authority",
        );
    }
}

#[test]
fn path_lengths_are_kept() {
    for scene in Scene::all() {
        let further = Party::new("further", Algorithm::Ed25519, scene.backend);
        let authority = [basic_constraints(true, None)];
        let second = scene.middle.certifies(&further, &authority);
        let leaf = further.certifies(&scene.leaf, &[]);
        // The intermediate allows none below it.
        let chain = [leaf.clone(), second.clone(), scene.middle()];
        refused(
            scene.verify(&chain, scene.root()),
            "longer than an authority",
        );
        let middle = scene.root.certifies(&scene.middle, &authority);
        let chain = [leaf, second, middle];
        assert_eq!(scene.verify(&chain, scene.root()), Ok(()));
        // So does the anchor itself.
        for (most, good) in [(0, false), (1, false), (2, true)] {
            let limit = [basic_constraints(true, Some(most))];
            let root = scene.root.certifies(&scene.root, &limit);
            assert_eq!(scene.verify(&chain, root).is_ok(), good, "{most}");
        }
    }
}

#[test]
fn usage_times_and_critical_extensions_are_kept() {
    for scene in Scene::all() {
        let with = |extensions: &[Vec<u8>]| {
            let leaf = scene.middle.certifies(&scene.leaf, extensions);
            scene.verify(&[leaf, scene.middle()], scene.root())
        };
        let purpose = [0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1];
        for extensions in [
            vec![key_usage(0x80)],
            vec![key_usage(0x40)],
            vec![extension(37, true, &purpose)],
            vec![extension(99, false, &[5, 0])],
        ] {
            assert_eq!(with(&extensions), Ok(()));
        }
        refused(with(&[key_usage(0x20)]), "not for signatures");
        refused(with(&[extension(99, true, &[5, 0])]), "critical extension");
        refused(
            with(&[key_usage(0x80), key_usage(0x80)]),
            "damaged or unusual",
        );
        refused(
            with(&[
                basic_constraints(false, None),
                basic_constraints(false, None),
            ]),
            "damaged or unusual",
        );
        let old: (&[u8], &[u8]) = (b"200101000000Z", b"211231235959Z");
        let new: (&[u8], &[u8]) = (b"350101000000Z", b"391231235959Z");
        let authority = [basic_constraints(true, None)];
        for (times, because) in [(old, "expired"), (new, "not valid yet")] {
            let leaf = scene.middle.certifies_for(&scene.leaf, &[], times);
            refused(
                scene.verify(&[leaf.clone(), scene.middle()], scene.root()),
                because,
            );
            let middle = scene.root.certifies_for(&scene.middle, &authority, times);
            refused(scene.verify(&[scene.leaf(), middle], scene.root()), because);
            let root = scene.root.certifies_for(&scene.root, &authority, times);
            let chain = [scene.leaf(), scene.middle()];
            refused(scene.verify(&chain, root), "not valid at this time");
            // Pinned, but not in its time.
            assert!(
                scene
                    .verify(core::slice::from_ref(&leaf), leaf.clone())
                    .is_err()
            );
        }
    }
}

#[test]
fn a_key_that_is_none_verifies_nothing() {
    for backend in backends() {
        let one = CertificateSignature {
            algorithm: Algorithm::RS256,
            key: alg_id::RSA_ENCRYPTION,
            signature: alg_id::RSA_PKCS1_SHA256,
            backend,
        };
        let short = tlv(0x30, &[&tlv(2, &[&[0x7f; 128]]), &[2, 3, 1, 0, 1]]);
        let error = VerifyingKey::new(
            &key_der::subject_key(one.key.as_ref(), &short).unwrap(),
            Algorithm::RS256,
            backend,
        );
        assert!(matches!(error, Err(KeyError::Weak(_))), "{error:?}");
        for key in [&short[..], &[], &[0; 256]] {
            assert!(one.verify_signature(key, b"m", &[0; 128]).is_err());
        }
    }
}

#[test]
fn the_best_reason_of_several_anchors_is_told() {
    for scene in Scene::all() {
        let stranger = Party::new("stranger", Algorithm::Ed25519, scene.backend);
        let stranger = stranger.certifies(&stranger, &[basic_constraints(true, None)]);
        let old: (&[u8], &[u8]) = (b"200101000000Z", b"211231235959Z");
        let leaf = scene.middle.certifies_for(&scene.leaf, &[], old);
        let orders = [
            vec![stranger.clone(), scene.root()],
            vec![scene.root(), stranger.clone()],
        ];
        for anchors in orders {
            let anchors = TrustAnchors::new(anchors).unwrap();
            let good = [scene.leaf(), scene.middle()];
            assert!(anchors.verify(&good, NOW, scene.backend).is_ok());
            let late = [leaf.clone(), scene.middle()];
            let error = anchors.verify(&late, NOW, scene.backend).unwrap_err();
            assert!(error.to_string().contains("expired"), "{error}");
        }
    }
    assert!(TrustAnchors::new(Vec::new()).is_err());
}

#[test]
fn ecdsa_signatures_are_joined_exactly() {
    let number = |bytes: &[u8]| tlv(2, &[bytes]);
    let pair = |r: &[u8], s: &[u8]| tlv(0x30, &[&number(r), &number(s)]);
    let mut expected = vec![0; 64];
    (expected[31], expected[32]) = (7, 0x80);
    let mut wide = vec![0, 0x80];
    wide.extend([0; 31]);
    assert_eq!(joined(&pair(&[7], &wide), 64), Some(expected));
    for bad in [
        pair(&[0, 7], &[1]),
        pair(&[0x80], &[1]),
        pair(&[], &[1]),
        pair(&[1; 33], &[1]),
        [pair(&[7], &[1]), vec![0]].concat(),
        tlv(0x30, &[&number(&[1])]),
        Vec::new(),
    ] {
        assert_eq!(joined(&bad, 64), None, "{bad:02x?}");
    }
}
