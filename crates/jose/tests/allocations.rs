//! Allocations of one verification: few, and no more when a token carries more registered claims.
//!
//! A program of its own, since it counts by replacing the allocator.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use jeton_jose::backend::AwsLc;
use jeton_jose::{Algorithm, Policy, jwt};
use jeton_testkit::{NOW, any_signing_key, verifying_key};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// What a verification may cost, in allocations.
const MOST: u64 = 6;

#[test]
fn a_verification_costs_a_handful_of_allocations() {
    let _profiler = dhat::Profiler::builder().testing().build();
    for algorithm in [
        Algorithm::HS256,
        Algorithm::RS256,
        Algorithm::ES256,
        Algorithm::Ed25519,
    ] {
        let expires = NOW.saturating_add(core::time::Duration::from_mins(10));
        let few = jwt::Builder::new().expires_at(expires);
        let all = few
            .clone()
            .issuer("https://issuer.example")
            .subject("7b1f0c52")
            .audiences(&["https://api.example", "https://other.example"])
            .not_before(NOW)
            .issued_at(NOW)
            .jwt_id("0d6f3c7e9a514b8f");
        let plain = Policy::new(algorithm);
        let strict = plain
            .clone()
            .issuer("https://issuer.example")
            .subject("7b1f0c52")
            .audience("https://api.example")
            .require("jti")
            .require("nbf");
        let few = allocations(algorithm, &few, &plain);
        let all = allocations(algorithm, &all, &strict);
        println!("{algorithm}: {few} allocations with one claim, {all} with seven");
        assert!(few <= MOST, "{algorithm}: {few} allocations");
        assert_eq!(
            all, few,
            "{algorithm}: more registered claims, more allocations"
        );
    }
}

/// Allocations of one verification, the last of three.
fn allocations(algorithm: Algorithm, claims: &jwt::Builder, policy: &Policy) -> u64 {
    let token = claims.sign(&any_signing_key(algorithm)).unwrap();
    let keys = verifying_key(algorithm, &AwsLc);
    let mut count = 0;
    for _ in 0..3 {
        let before = dhat::HeapStats::get().total_blocks;
        let verified = jwt::verify(&token, &keys, policy, NOW).unwrap();
        count = dhat::HeapStats::get().total_blocks - before;
        drop(verified);
    }
    count
}
