use jeton_jose::Algorithm;
use jeton_jose::jwt::Builder;
use jeton_testkit::{NOW, any_signing_key, backends, verifying_key};

use super::*;

fn read(authorization: Option<&str>, form: &[(&str, &str)]) -> Result<Presented, OAuthError> {
    Presented::read(authorization, &form.iter().copied().collect())
}

fn basic(joined: &str) -> String {
    format!("Basic {}", Base64::encode_string(joined.as_bytes()))
}

#[test]
fn the_halves_of_basic_are_form_encoded() {
    let header = basic("https%3A%2F%2Frp.example:s%2Bcr+t%3A%C3%A9");
    let presented = read(Some(&header), &[]).unwrap();
    assert_eq!(presented.client_id, "https://rp.example");
    assert_eq!(presented.proof, Proof::Basic(Credential::new("s+cr t:é")));
    assert_eq!(presented.proof.method(), AuthMethod::Basic);
    // A colon in the secret belongs to the secret.
    let presented = read(Some(&basic("app:a:b")), &[]).unwrap();
    assert_eq!(presented.proof, Proof::Basic(Credential::new("a:b")));
}

#[test]
fn malformed_headers_are_refused() {
    for header in [
        "Basic",
        "Basic !",
        "Bearer abc",
        &basic("no-colon"),
        &basic(":secret"),
        &basic("app:%zz"),
        "",
    ] {
        let refusal = read(Some(header), &[]).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::InvalidClient, "{header}");
    }
}

#[test]
fn one_way_at_a_time() {
    let header = basic("app:secret");
    for form in [
        &[("client_secret", "secret")][..],
        &[("client_assertion", "x")],
        &[("client_id", "other")],
    ] {
        let refusal = read(Some(&header), form).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::InvalidRequest, "{form:?}");
    }
    assert!(read(Some(&header), &[("client_id", "app")]).is_ok());
}

#[test]
fn post_and_none_name_the_client_in_the_body() {
    let presented = read(None, &[("client_id", "app"), ("client_secret", "s")]).unwrap();
    assert_eq!(presented.proof.method(), AuthMethod::Post);
    let presented = read(None, &[("client_id", "app")]).unwrap();
    assert_eq!(presented.proof, Proof::None);
    let refusal = read(None, &[("client_secret", "s")]).unwrap_err();
    assert_eq!(refusal.code(), ErrorCode::InvalidClient);
}

#[test]
fn a_secret_is_kept_as_a_hash() {
    for backend in backends() {
        let kept = secret_hash(&Credential::new("abc"), backend);
        assert_eq!(kept[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert!(check_secret(&Credential::new("abc"), &kept, backend));
        assert!(!check_secret(&Credential::new("abd"), &kept, backend));
    }
}

fn assertion(change: impl Fn(Builder) -> Builder) -> String {
    let claims = Builder::new()
        .issuer("app")
        .subject("app")
        .audiences(&["https://issuer.example"])
        .jwt_id("one")
        .lifetime(NOW, Duration::from_mins(1));
    change(claims)
        .sign(&any_signing_key(Algorithm::ES256))
        .unwrap()
}

fn verify(assertion: &str, at: UnixTime) -> Result<AssertionId, OAuthError> {
    let backend = backends()[0];
    let form = [
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ];
    let presented = read(None, &form)?;
    let Proof::Assertion(assertion) = &presented.proof else {
        panic!("not an assertion")
    };
    let rules = AssertionRules {
        client_id: "app",
        audiences: &["https://issuer.example", "https://issuer.example/token"],
        leeway: Duration::ZERO,
    };
    verify_assertion(
        assertion,
        &rules,
        &verifying_key(Algorithm::ES256, backend),
        at,
    )
}

#[test]
fn an_assertion_is_verified() {
    let accepted = verify(&assertion(|claims| claims), NOW).unwrap();
    assert_eq!(accepted.jwt_id, "one");
    assert_eq!(
        accepted.expires_at,
        NOW.saturating_add(Duration::from_mins(1))
    );
}

#[test]
fn assertions_for_others_or_too_old_or_too_long_are_refused() {
    let later = NOW.saturating_add(Duration::from_mins(2));
    let year = Duration::from_hours(24 * 365);
    let refused = [
        (assertion(|claims| claims), later),
        (assertion(|claims| claims.issuer("other")), NOW),
        (assertion(|claims| claims.subject("other")), NOW),
        (
            assertion(|claims| claims.audiences(&["https://evil.example"])),
            NOW,
        ),
        (assertion(|claims| claims.lifetime(NOW, year)), NOW),
        (assertion(|claims| claims).replace('.', ""), NOW),
    ];
    for (assertion, at) in refused {
        let refusal = verify(&assertion, at).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::InvalidClient, "{refusal}");
    }
    let without_jti = Builder::new()
        .issuer("app")
        .subject("app")
        .audiences(&["https://issuer.example"])
        .lifetime(NOW, Duration::from_mins(1))
        .sign(&any_signing_key(Algorithm::ES256))
        .unwrap();
    let refusal = verify(&without_jti, NOW).unwrap_err();
    assert_eq!(
        refusal.description(),
        "the assertion is refused: claim_missing"
    );
}
