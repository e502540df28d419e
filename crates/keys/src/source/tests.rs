use jeton_jose::{Algorithm, AlgorithmSet, UnixTime};
use jeton_testkit::{BACKEND, NOW, jwk};

use super::*;
use crate::{Caching, Config, Reading, SystemResolver};

fn retrieval() -> Arc<Retrieval> {
    let fetcher = Config::default().build(Arc::new(SystemResolver)).unwrap();
    let reading = Reading {
        algorithms: AlgorithmSet::asymmetric(),
        backend: BACKEND,
    };
    Arc::new(Retrieval::new(fetcher, Caching::default(), reading))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    keys: Source,
}

#[test]
fn places_are_read_and_written() {
    for (text, source) in [
        ("file:keys/a.json", Source::File("keys/a.json".into())),
        ("env:JWKS", Source::Environment("JWKS".into())),
        (
            "https://a.example/jwks",
            Source::Url("https://a.example/jwks".into()),
        ),
        (
            "issuer:https://a.example/",
            Source::Issuer("https://a.example/".into()),
        ),
    ] {
        let settings: Settings = toml::from_str(&format!("keys = '{text}'")).unwrap();
        assert_eq!(settings.keys, source);
        assert_eq!(source.to_string(), text);
    }
}

#[test]
fn what_is_no_place_is_refused_and_not_repeated() {
    for text in [
        "",
        "hunter2",
        "hunter2.json",
        "env:1A",
        "file:",
        "http://hunter2.example/",
        "https://",
        "https:///hunter2",
        "issuer:",
        "issuer:http://hunter2.example",
        "issuer:https://hunter2.example/?a",
        "issuer:file:hunter2",
    ] {
        let error = toml::from_str::<Settings>(&format!("keys = '{text}'")).unwrap_err();
        assert!(error.message().contains("expected where"), "{error}");
        assert!(!error.message().contains("hunter2"), "{error}");
    }
    assert!(toml::from_str::<Settings>("keys = ['file:a']").is_err());
}

#[tokio::test]
async fn a_place_that_is_down_keeps_nothing_from_opening() {
    let retrieval = retrieval();
    let missing: Source = "file:no-such-file.json".parse().unwrap();
    let set = missing.open(&retrieval).unwrap();
    let error = set.keys_for(None, NOW).await.unwrap_err();
    assert!(matches!(error, KeySetError::File(..)), "{error:?}");
    for text in ["https://127.0.0.1/", "issuer:https://127.0.0.1"] {
        let set = text.parse::<Source>().unwrap().open(&retrieval).unwrap();
        let error = set.keys_for(Some("a"), NOW).await.unwrap_err();
        let source = core::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("not a public address"), "{error:?}");
    }
}

#[test]
fn a_place_that_can_never_be_is_an_error_at_once() {
    let retrieval = retrieval();
    for text in [
        "env:JETON_NO_SUCH_VARIABLE",
        // Set wherever cargo runs tests, and no key.
        "env:CARGO_PKG_NAME",
        "https://a.example:8443/jwks",
        "https://u@a.example/jwks",
        "issuer:https://a.example:8443",
    ] {
        let source: Source = text.parse().unwrap();
        assert!(source.open(&retrieval).is_err(), "{text}");
    }
}

#[tokio::test]
async fn a_fixed_set_answers_as_it_is() {
    let set = LiveKeySet::Fixed(Arc::default());
    let keys = set.keys_for(Some("a"), UnixTime::from_seconds(0)).await;
    let keys = keys.unwrap();
    assert!(keys.is_empty());
    assert!(set.newer_than(&keys, NOW).await.is_none());
}

#[tokio::test]
async fn a_file_that_was_changed_is_newer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.json");
    let write = |algorithm| {
        let key = jwk(algorithm).public().unwrap();
        std::fs::write(&path, key.to_json().as_str()).unwrap();
    };
    write(Algorithm::ES256);
    let set = Source::File(path.clone()).open(&retrieval()).unwrap();
    let known = set.keys_for(None, NOW).await.unwrap();
    let later = NOW.saturating_add(core::time::Duration::from_secs(1));
    assert!(set.newer_than(&known, later).await.is_none());
    write(Algorithm::ES384);
    let later = NOW.saturating_add(core::time::Duration::from_secs(2));
    let newer = set.newer_than(&known, later).await.unwrap();
    assert!(newer.candidates(Algorithm::ES384, None).is_ok());
}
