use jeton_jose::{Algorithm, AlgorithmSet, Jwk};
use jeton_testkit::{BACKEND, NOW, jwk};

use super::*;

const DAY: Duration = Duration::from_hours(24);

fn reading() -> Reading {
    Reading {
        algorithms: AlgorithmSet::asymmetric(),
        backend: BACKEND,
    }
}

fn set(key_ids: &[&str]) -> String {
    let key = jwk(Algorithm::ES256).public().unwrap();
    let keys: Vec<String> = key_ids
        .iter()
        .map(|&key_id| {
            key.clone()
                .with_key_id(key_id)
                .to_json()
                .as_str()
                .to_owned()
        })
        .collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn at(seconds: u64) -> UnixTime {
    NOW.saturating_add(Duration::from_secs(seconds))
}

fn names(keys: &Result<Arc<VerifyingKeySet>, KeySetError>) -> Vec<String> {
    let keys = keys.as_ref().unwrap().keys();
    keys.iter()
        .map(|key| key.key_id().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_changed_file_is_read_again_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    std::fs::write(&path, set(&["a"])).unwrap();
    let file = FileKeySet::new(&path, reading(), DAY);
    let first = file.keys(at(0)).unwrap();
    std::fs::write(&path, set(&["a", "b"])).unwrap();
    // In the same second nobody looks.
    assert!(Arc::ptr_eq(&first, &file.keys(at(0)).unwrap()));
    assert_eq!(names(&file.keys(at(1))), ["a", "b"]);
    let second = file.keys(at(1)).unwrap();
    assert!(Arc::ptr_eq(&second, &file.keys(at(2)).unwrap()));
    // As editors and deployments do: another file takes its place.
    let beside = folder.path().join("keys.json.new");
    std::fs::write(&beside, set(&["c"])).unwrap();
    std::fs::rename(&beside, &path).unwrap();
    assert_eq!(names(&file.keys(at(3))), ["c"]);
    assert!(file.fault().is_none());
}

#[test]
fn a_change_of_the_same_length_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    std::fs::write(&path, set(&["a"])).unwrap();
    let file = FileKeySet::new(&path, reading(), DAY);
    file.keys(at(0)).unwrap();
    std::fs::write(&path, set(&["b"])).unwrap();
    let written = File::options().write(true).open(&path).unwrap();
    written
        .set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(1))
        .unwrap();
    assert_eq!(names(&file.keys(at(1))), ["b"]);
}

#[test]
fn a_broken_write_leaves_the_last_good_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let good = set(&["a"]);
    std::fs::write(&path, &good).unwrap();
    let file = FileKeySet::new(&path, reading(), DAY);
    file.keys(at(0)).unwrap();
    for (second, broken) in [
        (1, &good[..good.len() / 2]),
        (2, ""),
        (3, "hunter2"),
        (4, r#"{"keys":[{"kty":"oct","k":"aHVudGVyMg"}]}"#),
    ] {
        std::fs::write(&path, broken).unwrap();
        assert_eq!(names(&file.keys(at(second))), ["a"], "{broken}");
        let fault = file.fault().unwrap();
        assert!(matches!(fault, KeySetError::Content { .. }), "{fault:?}");
        assert!(!format!("{fault:?}").contains("hunter2"));
    }
    std::fs::remove_file(&path).unwrap();
    // The age counts from when it was first seen broken.
    let day = DAY.as_secs();
    assert_eq!(names(&file.keys(at(day))), ["a"]);
    assert!(matches!(file.keys(at(day + 1)), Err(KeySetError::File(..))));
    assert!(file.keys(at(day + 1)).is_err());
    std::fs::write(&path, &good).unwrap();
    assert_eq!(names(&file.keys(at(day + 2))), ["a"]);
    assert!(file.fault().is_none());
}

#[test]
fn a_file_that_comes_later_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let file = FileKeySet::new(&path, reading(), DAY);
    assert!(matches!(file.keys(at(0)), Err(KeySetError::File(..))));
    std::fs::write(&path, set(&["a"])).unwrap();
    assert!(file.keys(at(0)).is_err());
    assert_eq!(names(&file.keys(at(1))), ["a"]);
}

#[test]
fn a_file_that_comes_back_as_it_was_is_good_again() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("keys.json"), folder.path().join("away"));
    std::fs::write(&path, set(&["a"])).unwrap();
    let file = FileKeySet::new(&path, reading(), DAY);
    file.keys(at(0)).unwrap();
    std::fs::rename(&path, &away).unwrap();
    assert_eq!(names(&file.keys(at(1))), ["a"]);
    assert!(file.fault().is_some());
    std::fs::rename(&away, &path).unwrap();
    assert_eq!(names(&file.keys(at(2))), ["a"]);
    assert!(file.fault().is_none());
}

#[test]
fn what_is_no_file_or_too_long_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = FileKeySet::new(folder.path(), reading(), DAY);
    assert!(matches!(file.keys(at(0)), Err(KeySetError::File(..))));
    let path = folder.path().join("long");
    let longest = usize::try_from(LONGEST).unwrap();
    std::fs::write(&path, vec![b' '; longest + 1]).unwrap();
    let file = FileKeySet::new(&path, reading(), DAY);
    assert!(matches!(file.keys(at(0)), Err(KeySetError::File(..))));
}

#[test]
fn secrets_are_for_those_who_allow_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.json");
    let secret: Jwk = jwk(Algorithm::HS256);
    std::fs::write(&path, secret.to_json().as_str()).unwrap();
    assert!(FileKeySet::new(&path, reading(), DAY).keys(at(0)).is_err());
    let symmetric = Reading {
        algorithms: Algorithm::HS256.into(),
        ..reading()
    };
    assert!(FileKeySet::new(&path, symmetric, DAY).keys(at(0)).is_ok());
}
