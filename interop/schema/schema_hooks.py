"""What schemathesis is told of the token service beside its OpenAPI document: who asks, and what
each answer has to be on top of what the document says."""

import json
import os

import schemathesis

# RFC 6749 §5.2 and the extensions that the service speaks, RFC 6750 §3.1, OpenID Connect Core §3.1.2.6.
ERRORS = {
    "access_denied",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "invalid_token",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
}
BASIC, BEARER = os.environ["SCHEMA_BASIC"], os.environ["SCHEMA_BEARER"]
FORM = "application/x-www-form-urlencoded"


# These answer people, with pages.
PAGES = ("/authorize", "/end-session")
# These are the same for everybody.
PUBLIC = ("/jwks", "/.well-known/openid-configuration")


@schemathesis.hook
def before_call(context, case, kwargs):
    """The administrator asks, or a client that names no other way to authenticate."""
    if case.path.startswith("/admin"):
        case.headers["Authorization"] = f"Bearer {BEARER}"
        return
    if case.path == "/revocations":
        # Otherwise the answer goes on and on.
        case.query = {**(case.query or {}), "wait": "0"}
    body = case.body if isinstance(case.body, dict) else {}
    if case.media_type == FORM and not {"client_secret", "client_assertion"} & set(body):
        case.headers["Authorization"] = f"Basic {BASIC}"


@schemathesis.check
def nothing_of_it_is_stored(ctx, response, case):
    """What carries tokens or is about somebody is kept by nobody (RFC 6749 §5.1)."""
    if case.path not in PUBLIC and response.status_code not in (405, 308):
        stored = response.headers.get("cache-control", [""])[0]
        assert "no-store" in stored or not response.content, f"Cache-Control: {stored}"


@schemathesis.check
def errors_have_the_form_of_their_rfc(ctx, response, case):
    """RFC 9457 for the administration, RFC 6749 §5.2 for programs, pages for people."""
    status = response.status_code
    if status < 400 or status == 405 or case.method.upper() == "HEAD":
        return
    if case.path.startswith("/admin"):
        assert kind(response) == "application/problem+json", kind(response)
        problem = json.loads(response.content)
        assert problem["status"] == status, problem
        assert problem["code"], problem
    elif case.path in PAGES:
        assert kind(response) == "text/html", kind(response)
    elif status == 401 and not response.content:
        assert "www-authenticate" in response.headers, "no challenge"
    else:
        assert kind(response) == "application/json", kind(response)
        error = json.loads(response.content)
        assert error["error"] in ERRORS, error
        if status == 401:
            assert "www-authenticate" in response.headers, "no challenge"


def kind(response):
    return response.headers.get("content-type", [""])[0].split(";")[0]
