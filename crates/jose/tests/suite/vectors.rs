//! RFC figures and the RFC 7520 cookbook, as data beside the repository.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jeton_jose::alg::Hash;
use jeton_jose::json::{self, Document, Value};
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::jws::{
    Error, HeaderBuilder, SignatureRules, Verified, compact, flattened, general,
};
use jeton_jose::key::{KeyMaterial, SigningKey, VerifyingKeySet};
use jeton_jose::{AlgorithmSet, Code, Limits};
use jeton_testkit::{backends, vectors};

fn every_algorithm() -> AlgorithmSet {
    jeton_jose::Algorithm::ALL.iter().copied().collect()
}

/// RFC 7520 §4.7 signs without a protected `alg`, so its door is opened here.
fn rules() -> SignatureRules {
    SignatureRules {
        dangerous_unprotected_algorithm: true,
        ..SignatureRules::new(every_algorithm())
    }
}

/// The keys of a figure: `name.jwk`, `name.jwkset`, or several `name.N.jwk`. Secrets and public
/// keys of one figure stay in sets of their own.
pub(crate) fn figure_keys(folder: &Path, figure: &str) -> Vec<Jwk> {
    let mut keys = Vec::new();
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names
        .iter()
        .filter(|name| name.starts_with(&format!("{figure}.")))
    {
        let read = || read_figure(&folder.join(name));
        if name.split('.').next_back() == Some("jwk") {
            keys.push(Jwk::parse(&read()).unwrap());
        } else if name.split('.').next_back() == Some("jwkset") {
            keys.extend(JwkSet::parse(&read()).unwrap().keys);
        }
    }
    keys
}

/// Some figures share a key: their file holds the name of the other one.
pub(crate) fn read_figure(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    match core::str::from_utf8(&bytes) {
        Ok(name) if bytes.len() < 40 => fs::read(path.with_file_name(name.trim())).unwrap(),
        _ => bytes,
    }
}

fn sets(keys: &[Jwk], backend: &dyn jeton_jose::backend::Backend) -> Vec<VerifyingKeySet> {
    keys.iter()
        .map(|key| {
            VerifyingKeySet::new(core::slice::from_ref(key), every_algorithm(), backend).unwrap()
        })
        .collect()
}

fn verify_file(
    path: &Path,
    text: &str,
    keys: &VerifyingKeySet,
    payload: Option<&[u8]>,
) -> Result<Verified, Error> {
    let limits = Limits::default();
    match (path.extension().unwrap().to_str().unwrap(), payload) {
        ("jwsc", None) => compact::Unverified::parse(text, &limits)?.verify(keys, &rules()),
        ("jwsc", Some(payload)) => compact::Unverified::parse(text, &limits)?.verify_detached(
            payload.to_vec(),
            keys,
            &rules(),
        ),
        ("jwsf", None) => flattened::Unverified::parse(text, &limits)?.verify(keys, &rules()),
        ("jwsf", Some(payload)) => flattened::Unverified::parse(text, &limits)?.verify_detached(
            payload.to_vec(),
            keys,
            &rules(),
        ),
        (_, None) => general::Unverified::parse(text, &limits)?.verify_any(keys, &rules()),
        (_, Some(payload)) => general::Unverified::parse(text, &limits)?.verify_any_detached(
            payload.to_vec(),
            keys,
            &rules(),
        ),
    }
}

#[test]
fn rfc_figures_verify() {
    let Some(folder) = vectors("rfc-figures") else {
        return;
    };
    let mut checked = 0;
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else {
            continue;
        };
        if !extension.starts_with("jws") {
            continue;
        }
        let figure = path.file_stem().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let text = text.trim();
        let payload = fs::read(folder.join(format!("{figure}.payl"))).ok();
        if figure == "rfc7515_A.5" {
            for backend in backends() {
                let none = VerifyingKeySet::new(&[], every_algorithm(), backend).unwrap();
                assert_eq!(
                    verify_file(&path, text, &none, None).unwrap_err(),
                    Error::AlgorithmNone
                );
            }
            checked += 1;
            continue;
        }
        let keys = figure_keys(&folder, figure);
        assert!(!keys.is_empty(), "{figure} has keys");
        for backend in backends() {
            let verified = sets(&keys, backend)
                .iter()
                .filter(|set| verify_file(&path, text, set, payload.as_deref()).is_ok())
                .count();
            assert!(verified >= 1, "{} {}", backend.name(), path.display());
            let tampered = text.replace("eyJ", "eyI").replace("SXTig", "SXTih");
            let unharmed = sets(&keys, backend)
                .iter()
                .any(|set| verify_file(&path, &tampered, set, payload.as_deref()).is_ok());
            assert!(tampered == text || !unharmed, "{} tampered", path.display());
        }
        checked += 1;
    }
    assert!(checked >= 25, "only {checked} figures");
    println!("{checked} RFC figures verify");
}

pub(crate) fn cookbook(folder: &Path, check: &mut dyn FnMut(&str, Value<'_>)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read(&path).unwrap();
        let document = Document::parse(&text, &json::Options::lossless()).unwrap();
        check(path.file_name().unwrap().to_str().unwrap(), document.root());
    }
}

pub(crate) fn at<'d>(value: Value<'d>, path: &[&str]) -> Option<Value<'d>> {
    path.iter()
        .try_fold(value, |value, name| value.as_object()?.get(name))
}

#[test]
fn the_cookbook_verifies() {
    let mut checked = 0;
    for folder in ["rfc7520-cookbook/jws", "rfc7520-cookbook/rfc7797"] {
        let Some(folder) = vectors(folder) else {
            return;
        };
        cookbook(&folder, &mut |name, vector| {
            checked += check_cookbook(name, vector);
        });
    }
    let Some(folder) = vectors("rfc7520-cookbook/curve25519") else {
        return;
    };
    let text = fs::read(folder.join("jws.json")).unwrap();
    checked += check_cookbook(
        "jws.json",
        Document::parse(&text, &json::Options::lossless())
            .unwrap()
            .root(),
    );
    assert!(checked >= 25, "only {checked} serializations");
    println!("{checked} serializations of the cookbook verify");
}

fn check_cookbook(name: &str, vector: Value<'_>) -> usize {
    let key = at(vector, &["input", "key"]).unwrap();
    let keys: Vec<Jwk> = match key.as_array() {
        Some(keys) => keys
            .iter()
            .map(|key| Jwk::parse(key.source().as_bytes()).unwrap())
            .collect(),
        None => vec![Jwk::parse(key.source().as_bytes()).unwrap()],
    };
    let payload = at(vector, &["input", "payload"])
        .unwrap()
        .as_str()
        .unwrap()
        .as_bytes();
    let mut checked = 0;
    for (form, extension) in [("compact", "jwsc"), ("json_flat", "jwsf"), ("json", "jwsg")] {
        let Some(output) = at(vector, &["output", form]) else {
            continue;
        };
        let text = output.as_str().unwrap_or(output.source());
        let path = Path::new("x").with_extension(extension);
        if name == "4.2.hmac-sha2_b64_false.json" {
            // Its protected header sets `b64` without `crit`, which RFC 7797 §6 forbids.
            for backend in backends() {
                let error = verify_file(&path, text, &sets(&keys, backend)[0], None).unwrap_err();
                assert_eq!(error.code(), Code::CritInvalid);
            }
            checked += 1;
            continue;
        }
        for backend in backends() {
            let mut results = sets(&keys, backend)
                .into_iter()
                .map(|set| {
                    verify_file(&path, text, &set, None)
                        .or_else(|_| verify_file(&path, text, &set, Some(payload)))
                })
                .collect::<Vec<_>>();
            results.sort_by_key(Result::is_err);
            let verified = results
                .remove(0)
                .unwrap_or_else(|error| panic!("{} {name} {form}: {error}", backend.name()));
            assert_eq!(verified.payload(), payload, "{name} {form}");
        }
        checked += 1;
    }
    checked
}

#[test]
fn ml_dsa_figures_verify() {
    let Some(folder) = vectors("mldsa") else {
        return;
    };
    let mut checked = 0;
    cookbook(&folder, &mut |name, vector| {
        let text = |name: &str| at(vector, &[name]).unwrap().as_str().unwrap().to_owned();
        let jwk = Jwk::parse(at(vector, &["jwk"]).unwrap().source().as_bytes()).unwrap();
        let algorithm = jwk.only_algorithm().unwrap();
        let jws = text("jws");
        for backend in backends() {
            let thumbprint = jwk.thumbprint(Hash::Sha256, backend);
            assert_eq!(Some(thumbprint.as_str()), jwk.key_id(), "{name}");
            let KeyMaterial::Akp(akp) = jwk.material() else {
                panic!("{name} is an AKP key");
            };
            let seed = akp.seed.as_ref().unwrap().expose();
            assert_eq!(backend.expand_seed(algorithm, seed).unwrap(), akp.public);
            assert_eq!(hex(&akp.public), text("raw_public_key"), "{name}");
            let set = &sets(core::slice::from_ref(&jwk), backend)[0];
            let verify = |token: &str| {
                compact::Unverified::parse(token, &Limits::default())
                    .unwrap()
                    .verify(set, &rules())
            };
            let verified = verify(&jws).unwrap();
            assert!(
                verified
                    .payload()
                    .starts_with("It’s a dangerous".as_bytes())
            );
            let tampered = jws.replace(".SXTig", ".SXTih");
            assert_ne!(tampered, jws);
            assert_eq!(verify(&tampered).unwrap_err(), Error::SignatureMismatch);
            let signer = SigningKey::new(&jwk, algorithm, backend).unwrap();
            let header = HeaderBuilder::new();
            let ours = compact::sign(&signer, &header, verified.payload()).unwrap();
            assert!(verify(&ours).is_ok(), "{name}");
            if backend.name() == "rustcrypto" {
                assert_eq!(ours, jws, "{name}: deterministic, as the figure was made");
            }
        }
        checked += 1;
    });
    assert_eq!(checked, 3);
    println!("{checked} ML-DSA figures verify");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn rfc_7638_thumbprint() {
    let Some(folder) = vectors("rfc-figures") else {
        return;
    };
    let key = Jwk::parse(&fs::read(folder.join("rfc7638_3.1.jwk")).unwrap()).unwrap();
    let wanted = fs::read_to_string(folder.join("rfc7638_3.1.thp")).unwrap();
    for backend in backends() {
        assert_eq!(key.thumbprint(Hash::Sha256, backend), wanted.trim());
    }
}
