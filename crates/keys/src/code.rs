jeton_jose::codes! {
    /// The stable code of why nothing was fetched.
    pub enum FetchCode;
    UrlRefused = "url_refused",
        "The URL is not one that is fetched: `https`, a host, an admitted port, no user name.",
        "Give an `https` URL on port 443, or admit its port in the configuration.";
    HostUnresolved = "host_unresolved",
        "The host of the URL has no address.",
        "Check the name, and that this machine can resolve it.";
    AddressRefused = "address_refused",
        "The host leads to an address that is not public, so a request could reach what only this machine's network may.",
        "Name the host or its network in the configuration if it is meant.";
    FetchFailed = "fetch_failed",
        "The connection, its certificate or the answer's form failed.",
        "See the message; a certificate of an authority of your own is named in the configuration.";
    FetchTimedOut = "fetch_timed_out",
        "The answer did not arrive whole in time.",
        "Try again, or allow more time in the configuration.";
    FetchStatus = "fetch_status",
        "The answer is not `200 OK`; redirects are not followed.",
        "Give the URL where the key set itself is.";
    FetchTooLarge = "fetch_too_large",
        "The answer is longer than the limit.",
        "Check the URL; a key set is small. The limit is in the configuration.";
    FetchContent = "fetch_content",
        "The answer is no JWK Set in JSON.",
        "Check the URL; the discovery document names it as `jwks_uri`.";
}
