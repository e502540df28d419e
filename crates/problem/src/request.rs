//! The codes of what is wrong with a request, whatever it is about.

use http::StatusCode;

use crate::Coded;

macro_rules! codes {
    ($($variant:ident = $name:literal, $status:ident, $cause:literal, $remedy:literal;)*) => {
        jeton_jose::codes! {
            /// What is wrong with a request before the core is asked.
            pub enum RequestCode;
            $($variant = $name, $cause, $remedy;)*
        }

        impl RequestCode {
            /// The status of an answer that has it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }
        }
    };
}

codes! {
    Usage = "usage", BAD_REQUEST,
        "The request or the command line asks for what cannot be.",
        "See the message, `--help`, or the API's description at `/api/`.";
    Content = "content", UNPROCESSABLE_ENTITY,
        "What was given is something else than was expected.",
        "See the message for what was expected.";
    Io = "io", INTERNAL_SERVER_ERROR,
        "A file, a stream or a socket could not be used.",
        "See the message for which one and why.";
    HostRefused = "host_refused", MISDIRECTED_REQUEST,
        "The request's `Host` is not a name of this server, as when another site's name was pointed at it.",
        "Use the address that the server printed, or add the name to `hosts` in the configuration.";
    OriginRefused = "origin_refused", FORBIDDEN,
        "The request comes from a page of another site.",
        "Call from the server's own page, or from a program that is no browser.";
    MediaTypeRefused = "media_type_refused", UNSUPPORTED_MEDIA_TYPE,
        "The body is not declared as JSON, or it is encoded.",
        "Send `Content-Type: application/json`, and no `Content-Encoding`.";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE,
        "The body is longer than the limit.",
        "Send less.";
    BodyUnreadable = "body_unreadable", BAD_REQUEST,
        "The body broke off, came too slowly, or is not UTF-8.",
        "Send it again, whole.";
    NotFound = "not_found", NOT_FOUND,
        "There is nothing at this path.",
        "See `/api/` for what there is.";
    MethodRefused = "method_refused", METHOD_NOT_ALLOWED,
        "The path does not know this method.",
        "Use a method that the answer's `Allow` names.";
    SecretRefused = "secret_refused", FORBIDDEN,
        "The request carries a secret or a private key, or asks for one, and this server is not on a loopback address.",
        "Use a server on your own machine, or set `remote_secrets` in its configuration if all of the way is trusted.";
    DiagnosisRefused = "diagnosis_refused", FORBIDDEN,
        "The request asks why a token does not decrypt, and this server is not on a loopback address: the answer would help whoever guesses.",
        "Leave `diagnose` out, or ask a server on your own machine.";
    TokenRevoked = "token_revoked", UNAUTHORIZED,
        "The token was revoked, or all that was issued to its holder before it was.",
        "Get a new one, by refreshing or by signing in again.";
    TokenTwice = "token_twice", BAD_REQUEST,
        "The request carries more than one access token, or one that is not in its place.",
        "Send one, in the `Authorization` header after `Bearer`.";
    ScopeMissing = "scope_missing", FORBIDDEN,
        "The access token does not carry the scope that this needs.",
        "Ask for the scope that `WWW-Authenticate` names, and have it granted.";
    ConfirmationMissing = "confirmation_missing", FORBIDDEN,
        "A request that leaves the machine was not confirmed for its host.",
        "Repeat the URL's host in `confirm_host` after a person agreed to it.";
    Missing = "missing", NOT_FOUND,
        "There is no such record.",
        "List what there is, and take the name from there.";
    Taken = "taken", CONFLICT,
        "Another record has this name or address already.",
        "Choose another, or change the record that has it.";
    Stale = "stale", CONFLICT,
        "The record was changed since it was read.",
        "Read it again, and make the change to what is there now.";
    Unauthenticated = "unauthenticated", UNAUTHORIZED,
        "The request carries no access token for this, or one that does not count.",
        "Send `Authorization: Bearer` with an access token for the resource and scope that `WWW-Authenticate` names.";
    PermissionMissing = "permission_missing", FORBIDDEN,
        "The token or the account behind it lacks the permission that this needs.",
        "Ask for the scope that `WWW-Authenticate` names, with an account whose role permits it.";
    Busy = "busy", SERVICE_UNAVAILABLE,
        "The service cannot do this now.",
        "Try again after the time that `Retry-After` names.";
    Internal = "internal", INTERNAL_SERVER_ERROR,
        "The server failed; the fault is not the request's.",
        "Report what was asked, without its keys and tokens.";
}

impl Coded for RequestCode {
    fn code(&self) -> &'static str {
        self.as_str()
    }

    fn cause(&self) -> &'static str {
        (*self).cause()
    }

    fn remedy(&self) -> &'static str {
        (*self).remedy()
    }
}
