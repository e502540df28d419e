//! What the names in a token mean, in a word or two.

/// Header parameters of RFC 7515, RFC 7516, RFC 7517 and RFC 7797.
pub(crate) fn of_parameter(name: &str) -> &'static str {
    match name {
        "alg" => "Algorithm",
        "typ" => "Type",
        "cty" => "Content type",
        "kid" => "Key id",
        "jku" => "Key set URL",
        "jwk" => "Embedded key",
        "x5u" => "Certificate URL",
        "x5c" => "Certificates",
        "x5t" | "x5t#S256" => "Certificate hash",
        "crit" => "Critical",
        "b64" => "Encoded",
        "enc" => "Encryption",
        "zip" => "Compression",
        "epk" => "Ephemeral key",
        "apu" => "Producer",
        "apv" => "Recipient",
        "p2s" => "Salt",
        "p2c" => "Iterations",
        _ => "",
    }
}

/// Claims of RFC 7519, OpenID Connect, OAuth and what identity providers commonly add.
pub(crate) fn of_claim(name: &str) -> &'static str {
    match name {
        "iss" => "Issuer",
        "sub" => "Subject",
        "aud" => "Audience",
        "exp" => "Expires",
        "nbf" => "Not before",
        "iat" => "Issued at",
        "jti" => "Token id",
        "scope" | "scp" => "Scope",
        "client_id" | "cid" => "Client",
        "azp" => "Authorized for",
        "act" => "Actor",
        "may_act" => "May act",
        "cnf" => "Bound to",
        "nonce" => "Nonce",
        "auth_time" => "Logged in",
        "acr" => "Login level",
        "amr" => "Login methods",
        "sid" => "Session",
        "at_hash" => "Access hash",
        "c_hash" => "Code hash",
        "s_hash" => "State hash",
        "events" => "Events",
        "toe" => "Event time",
        "txn" => "Transaction",
        "htm" => "HTTP method",
        "htu" => "HTTP URL",
        "ath" => "Token hash",
        "name" => "Name",
        "given_name" => "Given name",
        "family_name" => "Family name",
        "preferred_username" | "upn" => "User name",
        "nickname" => "Nickname",
        "email" => "Email",
        "email_verified" => "Email verified",
        "phone_number" => "Phone",
        "phone_number_verified" => "Phone verified",
        "picture" => "Picture",
        "locale" => "Locale",
        "zoneinfo" => "Time zone",
        "address" => "Address",
        "birthdate" => "Birth date",
        "updated_at" => "Updated",
        "roles" | "role" => "Roles",
        "groups" => "Groups",
        "entitlements" | "permissions" => "Permissions",
        "realm_access" => "Realm roles",
        "resource_access" => "Client roles",
        "authorization_details" => "Details",
        "tid" => "Tenant",
        "oid" => "Object",
        "ver" => "Version",
        _ => "",
    }
}

/// Claims whose numbers are times.
pub(crate) fn is_time(claim: &str) -> bool {
    matches!(
        claim,
        "exp" | "nbf" | "iat" | "auth_time" | "updated_at" | "toe"
    )
}
