use super::*;

#[test]
fn tables_are_sorted_so_that_they_can_be_searched() {
    for table in [claims::TABLE, header::TABLE, key::TABLE] {
        for pair in table.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
        for row in table {
            assert!(
                !row.meaning.ends_with('.') && !row.meaning.is_empty(),
                "{}",
                row.name
            );
            assert!(
                !row.reference.is_empty() && !row.label.is_empty(),
                "{}",
                row.name
            );
        }
    }
    assert_eq!(claim("exp").map(|row| row.kind), Some(ValueKind::Time));
    assert_eq!(
        header_parameter("x5t#S256").map(|row| row.label),
        Some("Certificate thumbprint")
    );
    assert_eq!(claim("Exp"), None);
}

#[test]
fn every_parameter_of_the_core_specifications_is_there() {
    for name in [
        "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc",
        "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "b64",
    ] {
        assert!(header_parameter(name).is_some(), "{name}");
    }
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"] {
        assert!(claim(name).is_some(), "{name}");
    }
}

#[test]
fn names_made_unlike_any_other_are_public() {
    for name in [
        "https://example.com/roles",
        "urn:example:tenant",
        "did:example:123",
        "example.com",
        "example.com/roles",
        "com.example.tenant",
        "kubernetes.io",
        "service.example.de",
    ] {
        assert_eq!(
            ClaimKind::of_unregistered(name),
            ClaimKind::Public,
            "{name}"
        );
    }
    for name in [
        "role",
        "cognito:groups",
        "user.name",
        "allowed-origins",
        "https:",
        "://",
        "a..com",
        ".com",
        "com.",
        "urn:",
        "version.12",
        "",
    ] {
        assert_eq!(
            ClaimKind::of_unregistered(name),
            ClaimKind::Private,
            "{name}"
        );
    }
}

#[test]
fn typing_mistakes_are_held_against_the_registry() {
    let cases = [
        ("name)", "name"),
        ("expp", "exp"),
        ("Iss", "iss"),
        ("EXP", "exp"),
        ("exp ", "exp"),
        ("\u{200b}exp", "exp"),
        ("epx", "exp"),
        ("adu", "aud"),
        ("іss", "iss"),
        ("еmаil", "email"),
        ("emial", "email"),
        ("emali", "email"),
        ("scpoe", "scope"),
        ("scop", "scope"),
        ("given_nane", "given_name"),
        ("clientid", "client_id"),
        ("email_verifed", "email_verified"),
    ];
    for (name, meant) in cases {
        assert_eq!(claim_resembled(name), Some(meant), "{name}");
    }
    assert_eq!(header_parameter_resembled("Alg"), Some("alg"));
    assert_eq!(header_parameter_resembled("kid "), Some("kid"));
}

#[test]
fn names_of_other_meaning_are_not_mistakes() {
    for name in [
        "role",
        "group",
        "uid",
        "tid",
        "oid",
        "gid",
        "cat",
        "ver",
        "scp",
        "cid",
        "idp",
        "idtyp",
        "upn",
        "emails",
        "scopes",
        "address2",
        "address1",
        "user",
        "username2",
        "permissions",
        "org_id",
        "tenant",
        "realm_access",
        "resource_access",
        "session_state",
        "user_id",
        "unique_name",
        "ipaddr",
        "appid",
        "hd",
        "actor",
        "gty",
        "admin",
        "token_use",
        "allowed-origins",
        "",
        "a",
    ] {
        if claim(name).is_none() {
            assert_eq!(claim_resembled(name), None, "{name}");
        }
    }
    assert_eq!(header_parameter_resembled("type"), None);
    assert_eq!(claim_resembled(&"x".repeat(5000)), None);
}
