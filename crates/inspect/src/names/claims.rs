//! The claims: RFC 7519 and the JWT registry, sorted by name.

use super::Name;

names! {
    "...": "Hidden element", Binary, "RFC 9901 §4.2.4.2",
        "The hash of an array element whose holder decides whether to show it";
    "_claim_names": "Aggregated claims", Object, "OpenID Connect Core 1.0 §5.6.2",
        "Which claims come from which other source";
    "_claim_sources": "Claim sources", Object, "OpenID Connect Core 1.0 §5.6.2",
        "The other sources of claims";
    "_sd": "Hidden claims", Strings, "RFC 9901 §4.2.4.1",
        "Hashes of claims whose holder decides whether to show them";
    "_sd_alg": "Hash of hidden claims", String, "RFC 9901 §4.1.1",
        "The hash function of the hidden claims";
    "acr": "Authentication class", String, "OpenID Connect Core 1.0 §2",
        "How strongly the user proved who they are";
    "act": "Actor", Object, "RFC 8693 §4.1",
        "Who acts for the subject";
    "active": "Active", Boolean, "RFC 7662 §2.2",
        "Whether the token asked about is good";
    "address": "Address", Object, "OpenID Connect Core 1.0 §5.1",
        "The user's postal address";
    "also_known_as": "Also known as", String, "OpenID Identity Assurance 1.0",
        "Another name of the user";
    "amr": "Authentication methods", Strings, "OpenID Connect Core 1.0 §2",
        "By what means the user proved who they are";
    "at_hash": "Access token hash", Binary, "OpenID Connect Core 1.0 §2",
        "Half a hash of the access token issued along with this one";
    "atc": "Authority token", Object, "RFC 9447 §3",
        "What a certificate may be issued for";
    "ath": "Access token hash", Binary, "RFC 9449 §4.2",
        "The SHA-256 of the access token that this proof belongs to";
    "attest": "Attestation level", String, "RFC 8588 §4",
        "How sure the caller's provider is of the number";
    "attested_keys": "Attested keys", List, "OpenID4VCI 1.0",
        "Keys that the wallet's maker vouches for";
    "aud": "Audience", StringOrStrings, "RFC 7519 §4.1.3",
        "For whom the token is meant; everybody else must refuse it";
    "auth_time": "Signed in", Time, "OpenID Connect Core 1.0 §2",
        "When the user last proved who they are";
    "authority_hints": "Superiors", Strings, "OpenID Federation 1.0",
        "The entities above this one";
    "authorization_details": "Authorization details", List, "RFC 9396 §9.1",
        "What exactly was allowed, one object per thing";
    "azp": "Authorized party", StringOrUri, "OpenID Connect Core 1.0 §2",
        "The client the token was issued to";
    "birth_family_name": "Family name at birth", String, "OpenID Identity Assurance 1.0",
        "The user's last names at birth";
    "birth_given_name": "Given name at birth", String, "OpenID Identity Assurance 1.0",
        "The user's first names at birth";
    "birth_middle_name": "Middle name at birth", String, "OpenID Identity Assurance 1.0",
        "The user's middle names at birth";
    "birthdate": "Birth date", String, "OpenID Connect Core 1.0 §5.1",
        "The user's birthday, as YYYY-MM-DD or the year alone";
    "bootcount": "Boot count", Number, "RFC 9711 §4",
        "How often the device was started";
    "bootseed": "Boot seed", String, "RFC 9711 §4",
        "A random value of this boot";
    "c_hash": "Code hash", Binary, "OpenID Connect Core 1.0 §3.3.2.11",
        "Half a hash of the authorization code issued along with this one";
    "cdnicrit": "Critical claims", String, "RFC 9246 §2.1",
        "CDN claims that must be understood";
    "cdniets": "Expiration step", Number, "RFC 9246 §2.1",
        "By how many seconds a renewed token lives longer";
    "cdniip": "Client address", String, "RFC 9246 §2.1",
        "The encrypted address of the client that may fetch";
    "cdnistd": "Token depth", Number, "RFC 9246 §2.1",
        "For how much of a path the token serves";
    "cdnistt": "Token transport", Number, "RFC 9246 §2.1",
        "How a renewed token is handed over";
    "cdniuc": "URI container", String, "RFC 9246 §2.1",
        "Which URIs may be fetched";
    "cdniv": "Claim set version", Number, "RFC 9246 §2.1",
        "The version of the CDN claims";
    "client_id": "Client", String, "RFC 8693 §4.3",
        "The client that asked for the token";
    "client_name": "Client name", String, "RFC 7591 §2",
        "The client's name as it is to be shown";
    "cnf": "Confirmation", Object, "RFC 7800 §3.1",
        "The key that the presenter must prove to hold";
    "code_challenge": "Code challenge", Binary, "RFC 7636 §4.2",
        "The hash of the client's code verifier";
    "code_challenge_method": "Code challenge method", String, "RFC 7636 §4.3",
        "How the code challenge was made";
    "constraints": "Constraints", Object, "OpenID Federation 1.0",
        "Limits of the trust chain below";
    "crit": "Critical claims", Strings, "OpenID Federation 1.0",
        "Claims that must be understood";
    "dbgstat": "Debug status", String, "RFC 9711 §4",
        "Whether debugging is off, and since when";
    "delegation": "Delegation", String, "OpenID Federation 1.0",
        "The token that lets the issuer give the mark";
    "dest": "Destination identity", Object, "RFC 8225 §5.2.1",
        "Who is called";
    "div": "Diverted from", Object, "RFC 8946 §3",
        "The number a call was diverted from";
    "dloas": "Certifications", List, "RFC 9711 §4",
        "Certificates of approval of the device";
    "eat_nonce": "EAT nonce", Any, "RFC 9711 §4",
        "A value that shows the attestation to be fresh";
    "eat_profile": "EAT profile", StringOrUri, "RFC 9711 §4",
        "The rules that this attestation follows";
    "email": "E-mail", String, "OpenID Connect Core 1.0 §5.1",
        "The user's preferred e-mail address; not an identifier";
    "email_verified": "E-mail verified", Boolean, "OpenID Connect Core 1.0 §5.1",
        "Whether the issuer made sure that the address is the user's";
    "entitlements": "Entitlements", Any, "RFC 9068 §2.2.3.1",
        "What the subject is entitled to";
    "events": "Events", Object, "RFC 8417 §2.2",
        "What happened, each under the URI of its kind";
    "exp": "Expires", Time, "RFC 7519 §4.1.4",
        "The instant from which the token must no longer be accepted";
    "family_name": "Family name", String, "OpenID Connect Core 1.0 §5.1",
        "The user's last names";
    "gender": "Gender", String, "OpenID Connect Core 1.0 §5.1",
        "The user's gender";
    "geohash": "Geohash", Any, "geohash claim of the JWT registry",
        "A place on earth as a geohash";
    "given_name": "Given name", String, "OpenID Connect Core 1.0 §5.1",
        "The user's first names";
    "groups": "Groups", Any, "RFC 9068 §2.2.3.1",
        "The groups the subject is a member of";
    "htm": "HTTP method", String, "RFC 9449 §4.2",
        "The method of the request that this proof belongs to";
    "htu": "HTTP URI", Url, "RFC 9449 §4.2",
        "The URL of the request that this proof belongs to, without its query";
    "hwmodel": "Hardware model", String, "RFC 9711 §4",
        "The model of the hardware";
    "hwversion": "Hardware version", List, "RFC 9711 §4",
        "The version of the hardware";
    "iat": "Issued", Time, "RFC 7519 §4.1.6",
        "When the token was made";
    "intuse": "Intended use", String, "RFC 9711 §4",
        "What the attestation is for";
    "iss": "Issuer", StringOrUri, "RFC 7519 §4.1.1",
        "Who made the token";
    "jcard": "jCard", List, "RFC 8688 §5.1",
        "A contact card in JSON";
    "jti": "Token ID", String, "RFC 7519 §4.1.7",
        "A name for this one token, by which a replay can be noticed";
    "jwks": "Key set", Object, "OpenID Federation 1.0",
        "The keys of the entity";
    "key_storage": "Key storage", Strings, "OpenID4VCI 1.0",
        "How well the keys are kept";
    "locale": "Locale", String, "OpenID Connect Core 1.0 §5.1",
        "The user's language and region";
    "location": "Location", Object, "RFC 9711 §4",
        "Where the device is";
    "login_hint": "Login hint", String, "OpenID Connect Core 1.0 §3.1.2.1",
        "Who is probably signing in";
    "logo_uri": "Logo", Url, "OpenID Federation 1.0",
        "An image for the entity or its mark";
    "manifests": "Manifests", List, "RFC 9711 §4",
        "What the software's makers say of it";
    "max_age": "Maximum age", Number, "OpenID Connect Core 1.0 §3.1.2.1",
        "How many seconds ago the user may have signed in";
    "may_act": "May be acted for by", Object, "RFC 8693 §4.4",
        "Who is allowed to act for the subject";
    "measres": "Measurement results", List, "RFC 9711 §4",
        "How the measurements compare with what is expected";
    "measurements": "Measurements", List, "RFC 9711 §4",
        "What was measured of the software";
    "metadata": "Metadata", Object, "OpenID Federation 1.0",
        "What the entity says of itself, by role";
    "metadata_policy": "Metadata policy", Object, "OpenID Federation 1.0",
        "What the superior demands of the metadata";
    "metadata_policy_crit": "Critical policy operators", Strings, "OpenID Federation 1.0",
        "Policy operators that must be understood";
    "middle_name": "Middle name", String, "OpenID Connect Core 1.0 §5.1",
        "The user's middle names";
    "mky": "Media key fingerprint", List, "RFC 8225 §5.2.2",
        "Fingerprints of the keys that protect a call's media";
    "msisdn": "Mobile number", String, "OpenID Identity Assurance 1.0",
        "The user's mobile number, digits only";
    "name": "Full name", String, "OpenID Connect Core 1.0 §5.1",
        "The user's name as it is to be shown";
    "nationalities": "Nationalities", Strings, "OpenID Identity Assurance 1.0",
        "The user's nationalities";
    "nbf": "Not before", Time, "RFC 7519 §4.1.5",
        "The instant before which the token must not be accepted";
    "nickname": "Nickname", String, "OpenID Connect Core 1.0 §5.1",
        "What the user likes to be called";
    "nonce": "Nonce", String, "OpenID Connect Core 1.0 §2",
        "A value the client sent with its request, so that it recognises the answer";
    "oemboot": "Secure boot", Boolean, "RFC 9711 §4",
        "Whether only its maker's software boots";
    "oemid": "Maker", Any, "RFC 9711 §4",
        "Who made the hardware";
    "opt": "Original passport", String, "RFC 8946 §5",
        "The passport of the call before it was diverted";
    "orig": "Originating identity", Object, "RFC 8225 §5.2.1",
        "Who calls";
    "origid": "Originating ID", String, "RFC 8588 §5",
        "Where in the provider's network a call came from";
    "phone_number": "Phone number", String, "OpenID Connect Core 1.0 §5.1",
        "The user's preferred phone number";
    "phone_number_verified": "Phone verified", Boolean, "OpenID Connect Core 1.0 §5.1",
        "Whether the issuer made sure that the number is the user's";
    "picture": "Picture", Url, "OpenID Connect Core 1.0 §5.1",
        "An image of the user";
    "place_of_birth": "Place of birth", Object, "OpenID Identity Assurance 1.0",
        "Where the user was born";
    "preferred_username": "User name", String, "OpenID Connect Core 1.0 §5.1",
        "A short name the user chose; neither unique nor stable";
    "profile": "Profile page", Url, "OpenID Connect Core 1.0 §5.1",
        "A page about the user";
    "prompt": "Prompt", Words, "OpenID Connect Core 1.0 §3.1.2.1",
        "Whether the user is to be asked again";
    "rctx": "Request context", Object, "draft-ietf-oauth-transaction-tokens",
        "Where the request came from";
    "rdap_allowed_purposes": "RDAP purposes", Strings, "RFC 9560",
        "For what registration data may be asked";
    "rdap_dnt_allowed": "RDAP do not track", Boolean, "RFC 9560",
        "Whether the query may go unrecorded";
    "redirect_uri": "Redirect URI", Url, "RFC 9101 §4",
        "Where the answer is to go";
    "redirect_uris": "Redirect URIs", Strings, "RFC 7591 §2",
        "Where answers to the client may go";
    "ref": "Reference", Url, "OpenID Federation 1.0",
        "Where to read more";
    "response_mode": "Response mode", String, "RFC 9101 §4",
        "How the answer is to come back";
    "response_type": "Response type", Words, "RFC 9101 §4",
        "What the client asks for";
    "roles": "Roles", Any, "RFC 9068 §2.2.3.1",
        "The subject's roles";
    "rph": "Resource priority", Object, "RFC 8443 §3",
        "The priority a call asks for";
    "s_hash": "State hash", Binary, "Financial-grade API 1.0 part 2 §5.1",
        "Half a hash of the state parameter of the request";
    "salutation": "Salutation", String, "OpenID Identity Assurance 1.0",
        "How to address the user";
    "scope": "Scope", Words, "RFC 8693 §4.2",
        "What the token allows, in words of its issuer";
    "sd_hash": "Disclosure hash", Binary, "RFC 9901 §4.3",
        "The hash of the credential and what is shown of it";
    "sid": "Session ID", String, "OpenID Connect Front-Channel Logout 1.0 §3",
        "The session at the issuer that this belongs to";
    "sig_val_claims": "Signature validation", Object, "RFC 9321 §3.2.3",
        "What a validator found about a signature";
    "sip_callid": "SIP call ID", String, "RFC 8055 §2",
        "The identifier of a SIP call";
    "sip_cseq_num": "SIP sequence number", Any, "RFC 8055 §2",
        "The sequence number of a SIP request";
    "sip_date": "SIP date", Any, "RFC 8055 §2",
        "The date of a SIP request";
    "sip_from_tag": "SIP From tag", String, "RFC 8055 §2",
        "The tag of a SIP call's From field";
    "sip_via_branch": "SIP Via branch", String, "RFC 8055 §2",
        "The branch of a SIP request's Via field";
    "software_id": "Software ID", String, "RFC 7591 §2",
        "The client software, whatever its version";
    "software_statement": "Software statement", String, "RFC 7591 §2.3",
        "A token about the client software";
    "software_version": "Software version", String, "RFC 7591 §2",
        "The version of the client software";
    "source_endpoint": "Source endpoint", Url, "OpenID Federation 1.0",
        "Where this statement was fetched from";
    "state": "State", String, "RFC 9101 §4",
        "What the client gets back with the answer";
    "status": "Status", Object, "draft-ietf-oauth-status-list",
        "Where to look up whether this was revoked";
    "status_list": "Status list", Object, "draft-ietf-oauth-status-list",
        "The states of many tokens, compressed";
    "sub": "Subject", StringOrUri, "RFC 7519 §4.1.2",
        "Whom or what the token is about, unique at its issuer";
    "sub_id": "Subject identifier", Object, "RFC 9493 §4.1",
        "The subject in a stated format";
    "sub_jwk": "Subject's key", Key, "OpenID Connect Core 1.0 §7.4",
        "The key of which the subject is the thumbprint";
    "submods": "Submodules", Object, "RFC 9711 §4",
        "The same about parts of the device";
    "sueids": "Semi-permanent device IDs", Object, "RFC 9711 §4",
        "The device, between changes of owner";
    "swname": "Software name", String, "RFC 9711 §4",
        "The software that runs";
    "swversion": "Software version", List, "RFC 9711 §4",
        "The version of the software that runs";
    "tctx": "Transaction context", Object, "draft-ietf-oauth-transaction-tokens",
        "What the transaction is about";
    "title": "Title", String, "OpenID Identity Assurance 1.0",
        "The user's title";
    "toe": "Time of event", Time, "RFC 8417 §2.2",
        "When it happened";
    "token_introspection": "Introspection", Object, "RFC 9701 §5",
        "What the issuer answered about another token";
    "token_type": "Token type", String, "RFC 7662 §2.2",
        "How the token is to be presented";
    "trust_anchor": "Trust anchor", Url, "OpenID Federation 1.0",
        "The anchor that the chain is to end at";
    "trust_anchor_hints": "Trust anchors", Strings, "OpenID Federation 1.0",
        "Anchors that this entity can be trusted by";
    "trust_chain": "Trust chain", List, "OpenID Federation 1.0",
        "The statements that lead to a trust anchor";
    "trust_mark_issuers": "Trust mark issuers", Object, "OpenID Federation 1.0",
        "Who may give which mark";
    "trust_mark_owners": "Trust mark owners", Object, "OpenID Federation 1.0",
        "Who owns which mark";
    "trust_mark_type": "Trust mark type", String, "OpenID Federation 1.0",
        "Which mark this is";
    "trust_marks": "Trust marks", List, "OpenID Federation 1.0",
        "Marks that were given to the entity";
    "ttl": "Time to live", Number, "draft-ietf-oauth-status-list",
        "For how many seconds this may be cached";
    "txn": "Transaction ID", String, "RFC 8417 §2.2",
        "What several tokens of one transaction have in common";
    "ueid": "Device ID", String, "RFC 9711 §4",
        "The device, for ever the same";
    "updated_at": "Updated", Time, "OpenID Connect Core 1.0 §5.1",
        "When the user's data were last changed";
    "uptime": "Uptime", Number, "RFC 9711 §4",
        "For how many seconds the device has run";
    "user_authentication": "User authentication", Strings, "OpenID4VCI 1.0",
        "How well the use of the keys is guarded";
    "username": "User name", String, "RFC 7662 §2.2",
        "A name for the user who allowed it";
    "vc": "Verifiable credential", Object, "VC Data Model 1.1 §6.3.1",
        "A credential of the W3C model";
    "vct": "Credential type", StringOrUri, "draft-ietf-oauth-sd-jwt-vc",
        "What kind of credential this is";
    "vct#integrity": "Credential type hash", String, "draft-ietf-oauth-sd-jwt-vc",
        "The hash that the credential type's description must have";
    "verified_claims": "Verified claims", Any, "OpenID Identity Assurance 1.0",
        "Claims with how they were verified";
    "vot": "Vector of trust", String, "RFC 8485 §3",
        "How far the issuer trusts the sign-in, by component";
    "vp": "Verifiable presentation", Object, "VC Data Model 1.1 §6.3.1",
        "A presentation of W3C credentials";
    "vtm": "Trustmark", Url, "RFC 8485 §3",
        "Where the vector of trust is explained";
    "website": "Website", Url, "OpenID Connect Core 1.0 §5.1",
        "The user's own site";
    "zoneinfo": "Time zone", String, "OpenID Connect Core 1.0 §5.1",
        "The user's time zone by its database name";
}
