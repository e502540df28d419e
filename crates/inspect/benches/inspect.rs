//! How long it takes to explain: a token of a kilobyte, two of them, a set of keys.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jeton_inspect::doctor::{self, Bounds, Given};
use jeton_inspect::openid::{Beside, cross_check};
use jeton_inspect::{diff, key_set, token};
use jeton_jose::backend::{AwsLc, Backend, GenerateKind, RustCrypto};
use jeton_jose::{Algorithm, Jwk, JwkSet, jwt, key};
use jeton_testkit::{NOW, any_signing_key, jwks};

/// The bound is 50 microseconds.
fn inspect(criterion: &mut Criterion) {
    let text = kilobyte(0);
    println!("the token has {} bytes", text.len());
    let options = token::Options::new(NOW);
    criterion.bench_function("inspect/1 kB", |bencher| {
        bencher.iter(|| token::inspect(black_box(&text), &options));
    });
    let header = format!("curl -H 'Authorization: Bearer {text}' https://api.example/");
    criterion.bench_function("inspect/1 kB in a curl command", |bencher| {
        bencher.iter(|| token::inspect(black_box(&header), &options));
    });
}

fn compare(criterion: &mut Criterion) {
    let (left, right) = (kilobyte(0), kilobyte(1));
    criterion.bench_function("diff/1 kB", |bencher| {
        bencher.iter(|| diff::diff(black_box(&left), black_box(&right)).unwrap());
    });
    let beside = Beside {
        access_token: Some(&right),
        ..Beside::default()
    };
    criterion.bench_function("cross_check/1 kB", |bencher| {
        bencher.iter(|| cross_check(black_box(&left), &beside, &AwsLc).unwrap());
    });
}

fn examine(criterion: &mut Criterion) {
    let set: JwkSet = jwks().into_iter().collect();
    let text = set.to_public_json();
    let keys = set.keys.iter().filter(|key| key.public().is_some()).count();
    criterion.bench_function(&format!("key set/{keys} keys, aws-lc"), |bencher| {
        bencher.iter(|| key_set::examine(black_box(text.as_bytes()), &AwsLc).unwrap());
    });
    criterion.bench_function(&format!("key set/{keys} keys, rustcrypto"), |bencher| {
        bencher.iter(|| key_set::examine(black_box(text.as_bytes()), &RustCrypto).unwrap());
    });
}

/// The bounds are 20 milliseconds with HMAC and 100 with RSA. Nothing fits, so that every
/// cause is tried.
fn diagnose(criterion: &mut Criterion) {
    let foreign = "a secret that signed nothing here, and no other form of it";
    let token = signed_kilobyte(Algorithm::HS256, 0);
    criterion.bench_function("doctor/HS256, nothing fits", |bencher| {
        bencher.iter(|| {
            doctor::diagnose(
                black_box(&token),
                Given::Secret(foreign.as_bytes()),
                &AwsLc,
                Bounds::default(),
            )
        });
    });
    let long = signed_long();
    println!("the long token has {} bytes", long.len());
    for (name, backend) in [
        ("aws-lc", &AwsLc as &dyn Backend),
        ("rustcrypto", &RustCrypto),
    ] {
        criterion.bench_function(
            &format!("doctor/HS256, 60 kB, nothing fits, {name}"),
            |bencher| {
                bencher.iter(|| {
                    doctor::diagnose(
                        black_box(&long),
                        Given::Secret(foreign.as_bytes()),
                        backend,
                        Bounds::default(),
                    )
                });
            },
        );
    }
    let other = Jwk::from(key::generate(GenerateKind::Rsa { bits: 2048 }, &AwsLc).unwrap());
    let token = kilobyte(0);
    for (name, backend) in [
        ("aws-lc", &AwsLc as &dyn Backend),
        ("rustcrypto", &RustCrypto),
    ] {
        criterion.bench_function(&format!("doctor/RS256, nothing fits, {name}"), |bencher| {
            bencher.iter(|| {
                doctor::diagnose(
                    black_box(&token),
                    Given::Keys(core::slice::from_ref(&other)),
                    backend,
                    Bounds::default(),
                )
            });
        });
    }
}

criterion_group!(benches, inspect, compare, examine, diagnose);
criterion_main!(benches);

fn kilobyte(later: u64) -> String {
    signed_kilobyte(Algorithm::RS256, later)
}

/// A token near the usual limit of 64 KiB.
fn signed_long() -> String {
    let roles: Vec<String> = (0..1900)
        .map(|n| format!("department-{n:04}:read"))
        .collect();
    jwt::Builder::new()
        .lifetime(NOW, core::time::Duration::from_mins(10))
        .claim("roles", &roles)
        .unwrap()
        .sign(&any_signing_key(Algorithm::HS256))
        .unwrap()
}

/// A token of about 1,000 bytes.
fn signed_kilobyte(algorithm: Algorithm, later: u64) -> String {
    let roles: Vec<String> = (0..12).map(|n| format!("department-{n:02}:read")).collect();
    jwt::Builder::new()
        .issuer("https://issuer.example")
        .subject("7b1f0c52-8c1e-4c8e-a9a5-0d6f3c7e9a51")
        .audiences(&["https://api.example"])
        .lifetime(NOW, core::time::Duration::from_mins(10 + later))
        .jwt_id("0d6f3c7e9a514b8f")
        .claim("scope", "openid profile email offline_access")
        .and_then(|claims| claims.claim("roles", &roles))
        .unwrap()
        .sign(&any_signing_key(algorithm))
        .unwrap()
}
