mod causes;

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use jeton_jose::alg::{Algorithm, AlgorithmSet, Curve, Hash};
use jeton_jose::backend::{Backend, Digest, GenerateKind, Signer, Verifier};
use jeton_jose::base64url::encode;
use jeton_jose::jwk::Jwk;
use jeton_jose::jwt;
use jeton_jose::key::{KeyError, KeyMaterial, SigningKey, VerifyingKeySet};
use jeton_jose::{Policy, Secret};
use jeton_testkit::{NOW, backends, jwk};
use proptest::prelude::*;

use super::*;

/// Long enough for HS256 not to be weak.
pub(super) const SECRET: &[u8] = b"correct horse battery staple, 42!";
pub(super) const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
pub(super) const PAYLOAD: &str = r#"{"sub":"joe","url":"a/b","n":1}"#;

/// What a person gives, owned.
#[derive(Clone, Debug)]
pub(super) enum Gift {
    Secret(Vec<u8>),
    File(Vec<u8>),
    Keys(Vec<Jwk>),
    Nothing,
}

impl Gift {
    pub(super) fn given(&self) -> Given<'_> {
        match self {
            Self::Secret(bytes) => Given::Secret(bytes),
            Self::File(bytes) => Given::KeyFile(bytes),
            Self::Keys(keys) => Given::Keys(keys),
            Self::Nothing => Given::Nothing,
        }
    }
}

pub(super) fn oct(secret: &[u8]) -> Jwk {
    KeyMaterial::Oct(Secret::new(secret.to_vec())).into()
}

/// The numbers of a test key, without what its JSON says.
pub(super) fn bare(algorithm: Algorithm) -> Jwk {
    jwk(algorithm).material().clone().into()
}

pub(super) fn seal(key: &Jwk, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    let material: Jwk = key.material().clone().into();
    let key = SigningKey::dangerous_allow_weak(&material, algorithm, backends()[0]).unwrap();
    let mut signature = Vec::new();
    key.sign(message, &mut signature).unwrap();
    signature
}

pub(super) fn message(header: &str, payload: &str) -> String {
    format!(
        "{}.{}",
        encode(header.as_bytes()),
        encode(payload.as_bytes())
    )
}

pub(super) fn token(header: &str, payload: &str, key: &Jwk, algorithm: Algorithm) -> String {
    let message = message(header, payload);
    let signature = seal(key, algorithm, message.as_bytes());
    format!("{message}.{}", encode(&signature))
}

/// The usual token under this secret.
pub(super) fn hs256(secret: &[u8]) -> String {
    token(HS256, PAYLOAD, &oct(secret), Algorithm::HS256)
}

pub(super) fn examine(token: &str, gift: &Gift) -> Diagnosis {
    diagnose(token, gift.given(), backends()[0], Bounds::default())
}

pub(super) fn code(diagnosis: &Diagnosis) -> Option<&'static str> {
    diagnosis.cause.as_ref().map(|cause| cause.code.as_str())
}

#[test]
fn a_good_token_is_left_alone() {
    for algorithm in Algorithm::ALL {
        let header = format!(r#"{{"alg":"{algorithm}"}}"#);
        let token = token(&header, PAYLOAD, &jwk(*algorithm), *algorithm);
        for backend in backends() {
            let keys = [jwk(*algorithm)];
            let diagnosis = diagnose(&token, Given::Keys(&keys), backend, Bounds::default());
            assert!(diagnosis.verifies, "{algorithm}: {diagnosis:?}");
            assert_eq!(code(&diagnosis), None);
        }
    }
}

#[test]
fn where_nothing_fits_it_says_what_was_tried() {
    let diagnosis = examine(
        &hs256(b"quite another secret, that nobody has"),
        &Gift::Secret(SECRET.to_vec()),
    );
    assert!(!diagnosis.verifies);
    assert_eq!(code(&diagnosis), None);
    assert!(!diagnosis.exhausted, "{diagnosis:?}");
    assert!(diagnosis.tried.len() > 10, "{diagnosis:?}");
    let text = jeton_jose::json::to_string(&diagnosis).unwrap();
    assert!(
        text.starts_with(r#"{"verifies":false,"cause":null,"tried":[{"code":null,"attempts":1}"#),
        "{text}"
    );
}

#[test]
fn the_examples_that_started_this() {
    let known = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36_POy5u0bNw1DgL5s";
    let secret = Gift::Secret(b"your-256-bit-secret".to_vec());
    for gift in [&secret, &Gift::Nothing] {
        let diagnosis = examine(known, gift);
        assert_eq!(code(&diagnosis), Some("signature_altered"));
        let cause = diagnosis.cause.unwrap();
        let detail = cause.detail.unwrap();
        assert!(
            detail.contains("the first 27 and the last 0 characters are right"),
            "{detail}"
        );
        assert!(
            matches!(cause.fixed, Some(Fixed::Token(token)) if token.ends_with(".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"))
        );
    }
    let foreign = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSkiOiJKb2huIERvZSIsImlhdCI6MTYyMjQ3NTY0MH0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    for gift in [&secret, &Gift::Nothing] {
        assert_eq!(code(&examine(foreign, gift)), Some("signature_of_example"));
    }
    assert_eq!(
        example_of("SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"),
        Some("the HS256 example of jwt.io")
    );
    assert_eq!(
        example_of("SflKxwRJSMeKKF2QT4fwpMeJf36_POy5u0bNw1DgL5s"),
        None
    );
}

/// An altered signature under a secret that is no example's is found by computing the right one.
#[test]
fn an_altered_signature_is_compared_with_the_right_one() {
    let mut token = hs256(SECRET);
    let at = token.len() - 20;
    token.replace_range(at..at + 2, "--");
    let cause = examine(&token, &Gift::Secret(SECRET.to_vec()))
        .cause
        .unwrap();
    assert_eq!(cause.code, CauseCode::SignatureAltered);
    assert!(
        cause
            .detail
            .unwrap()
            .contains("the first 23 and the last 18")
    );
}

#[test]
fn one_line_pem_is_read_by_the_core_already() {
    let pem = causes::pem(Algorithm::ES256).replace('\n', "");
    let token = token(
        r#"{"alg":"ES256"}"#,
        PAYLOAD,
        &bare(Algorithm::ES256),
        Algorithm::ES256,
    );
    assert!(examine(&token, &Gift::File(pem.into_bytes())).verifies);
}

#[test]
fn causes_that_come_together_are_all_named() {
    let sent = format!("Bearer {}=", hs256(SECRET));
    let cause = examine(&sent, &Gift::Secret(encode(SECRET).into_bytes()))
        .cause
        .unwrap();
    assert_eq!(cause.code, CauseCode::SecretBase64);
    let also = [CauseCode::TokenPrefix, CauseCode::SegmentsPadded];
    assert_eq!(cause.also, also);
}

#[test]
fn bounds_are_kept_and_said() {
    let bounds = Bounds {
        macs: 3,
        public_key_operations: 2,
        ..Bounds::default()
    };
    let counting = Counting::new(backends()[0]);
    let other = hs256(b"something else altogether, and long");
    let diagnosis = diagnose(&other, Given::Secret(SECRET), &counting, bounds);
    assert!(diagnosis.exhausted);
    assert_eq!(code(&diagnosis), None);
    assert_eq!(counting.count.load(Ordering::Relaxed), 3);
    let long = format!("{}.{}.AAAA", encode(HS256.as_bytes()), "A".repeat(70_000));
    let diagnosis = examine(&long, &Gift::Secret(SECRET.to_vec()));
    assert!(diagnosis.exhausted && diagnosis.attempts == 0);
}

/// What a face may apply makes the core accept the token, and nothing else does.
#[test]
fn what_is_fixed_verifies_in_the_core() {
    let accepts = |token: &str, key: &Jwk| {
        let keys = VerifyingKeySet::new(
            core::slice::from_ref(key),
            AlgorithmSet::from(Algorithm::HS256),
            backends()[0],
        );
        jwt::verify(token, &keys.unwrap(), &Policy::new(Algorithm::HS256), NOW).is_ok()
    };
    let typed = encode(SECRET).into_bytes();
    let cause = examine(&hs256(SECRET), &Gift::Secret(typed.clone()))
        .cause
        .unwrap();
    match cause.fixed {
        Some(Fixed::Secret(secret)) => {
            assert!(accepts(&hs256(SECRET), &oct(secret.expose())));
            assert!(!accepts(&hs256(SECRET), &oct(&typed)));
        }
        other => panic!("{other:?}"),
    }
    let sent = format!("Bearer {}", hs256(SECRET));
    match examine(&sent, &Gift::Secret(SECRET.to_vec()))
        .cause
        .unwrap()
        .fixed
    {
        Some(Fixed::Token(token)) => {
            assert!(accepts(&token, &oct(SECRET)) && !accepts(&sent, &oct(SECRET)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_of_a_secret_shows_in_debug() {
    let secret = b"hunter2-hunter2-hunter2-hunter2-h\n".to_vec();
    let diagnosis = examine(
        &hs256(b"hunter2-hunter2-hunter2-hunter2-h"),
        &Gift::Secret(secret),
    );
    assert_eq!(code(&diagnosis), Some("secret_line_break"));
    let shown = format!(
        "{diagnosis:?}{}",
        jeton_jose::json::to_string(&diagnosis).unwrap()
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

/// A backend that counts the operations which it is asked for.
#[derive(Debug)]
struct Counting {
    backend: &'static dyn Backend,
    count: Arc<AtomicUsize>,
}

impl Counting {
    fn new(backend: &'static dyn Backend) -> Self {
        Self {
            backend,
            count: Arc::default(),
        }
    }
}

struct CountingVerifier(Box<dyn Verifier>, Arc<AtomicUsize>);

impl Verifier for CountingVerifier {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.verify(message, signature)
    }
}

impl Backend for Counting {
    fn name(&self) -> &'static str {
        self.backend.name()
    }

    fn digest(&self, hash: Hash, data: &[u8]) -> Digest {
        self.backend.digest(hash, data)
    }

    fn certificate_sha1(&self, der: &[u8]) -> [u8; 20] {
        self.backend.certificate_sha1(der)
    }

    fn verifier(
        &self,
        algorithm: Algorithm,
        key: &KeyMaterial,
    ) -> Result<Box<dyn Verifier>, KeyError> {
        let verifier = self.backend.verifier(algorithm, key)?;
        Ok(Box::new(CountingVerifier(
            verifier,
            Arc::clone(&self.count),
        )))
    }

    /// Each signer that the doctor prepares computes one MAC.
    fn signer(&self, algorithm: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Signer>, KeyError> {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.backend.signer(algorithm, key)
    }

    fn generate(&self, kind: GenerateKind) -> Result<KeyMaterial, KeyError> {
        self.backend.generate(kind)
    }

    fn expand_seed(&self, algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.backend.expand_seed(algorithm, seed)
    }

    fn derive_public(&self, curve: Curve, private: &[u8]) -> Result<(Vec<u8>, Vec<u8>), KeyError> {
        self.backend.derive_public(curve, private)
    }
}

fn token_like() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"ES256","kid":"a"}"#,
        r#"{"alg":"PS256"}"#,
        r#"{"alg":7}"#,
        r#"{"alg":"none"}"#,
        "[]",
        "{",
    ]);
    prop_oneof![
        (header, ".{0,40}", prop::collection::vec(any::<u8>(), 0..80)).prop_map(
            |(header, payload, signature)| format!(
                "{}.{}",
                message(header, &payload),
                encode(&signature)
            )
        ),
        "[A-Za-z0-9_%&#;=+/. -]{0,80}",
        ".{0,60}",
    ]
}

fn gift() -> impl Strategy<Value = Gift> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..60);
    prop_oneof![
        bytes().prop_map(Gift::Secret),
        ".{0,40}".prop_map(|text| Gift::Secret(text.into_bytes())),
        "(b64:|0x|-----BEGIN )?[A-Za-z0-9+/=\\\\n\"% -]{0,60}"
            .prop_map(|text| Gift::Secret(text.into_bytes())),
        bytes().prop_map(Gift::File),
        "(-----BEGIN PUBLIC KEY-----)?[A-Za-z0-9+/=\\\\n\"% -]{0,60}"
            .prop_map(|text| Gift::File(text.into_bytes())),
        Just(Gift::Keys(vec![
            bare(Algorithm::ES256),
            bare(Algorithm::PS256),
            oct(SECRET)
        ])),
        Just(Gift::Nothing),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_input_makes_it_panic_or_exceed_its_bounds(token in token_like(), gift in gift()) {
        let bounds = Bounds { macs: 40, public_key_operations: 4, ..Bounds::default() };
        for backend in backends() {
            let counting = Counting::new(backend);
            let diagnosis = diagnose(&token, gift.given(), &counting, bounds);
            prop_assert!(counting.count.load(Ordering::Relaxed) <= 44);
            prop_assert!(!diagnosis.verifies);
            let confirmed = diagnosis.cause.filter(|cause| cause.confirmed);
            prop_assert!(confirmed.is_none(), "{confirmed:?}");
        }
    }
}
