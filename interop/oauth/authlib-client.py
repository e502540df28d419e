"""Authlib over requests (PyPI), as an application's developer would use it."""

import os
from urllib.parse import parse_qs, urlsplit

# The server is on this machine, and only there plain HTTP is right.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt

from browser import Browser
from flows import claims_of, expect, refused, run, setting

CALLBACK = "https://app.example/callback"
issuer, user, api, other = (setting[name] for name in ("issuer", "user", "api", "other"))
web, app, basic, post, signer, orders = (
    setting["clients"][name] for name in ("web", "app", "basic", "post", "signer", "orders")
)
about = requests.get(f"{issuer}/.well-known/openid-configuration").json()
token_url = about["token_endpoint"]
keys = jwk.KeySet.import_key_set(requests.get(about["jwks_uri"]).json())
browser = Browser()
kept = {}


def session(who=web, method="client_secret_basic", **more):
    return OAuth2Session(
        who["client_id"],
        who.get("client_secret"),
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint=token_url,
        **more,
    )


def sign_in(client=None, by=browser, scope=None, **parameters):
    client = client or session()
    verifier, nonce = generate_token(48), generate_token()
    url, state = client.create_authorization_url(
        about["authorization_endpoint"],
        code_verifier=verifier,
        scope=scope or f"openid profile email {api['scope']}",
        nonce=nonce,
        **parameters,
    )
    until = parameters.get("redirect_uri", CALLBACK)
    answer = by.walk(url, user, until)
    more = {"redirect_uri": parameters["redirect_uri"]} if "redirect_uri" in parameters else {}
    token = client.fetch_token(
        token_url, authorization_response=answer, state=state, code_verifier=verifier, **more
    )
    if "id_token" in token:
        found = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
        options = {"iss": {"values": [issuer]}, "aud": {"values": [client.client_id]}}
        expected = {"nonce": nonce, "client_id": client.client_id}
        expected["access_token"] = token["access_token"]
        expected["max_age"] = parameters.get("max_age")
        claims = CodeIDToken(found.claims, found.header, options, expected)
        claims.validate(leeway=5)
    return client, token


def code_with_pkce():
    client, token = sign_in(resource=api["resource"])
    audience = claims_of(token["access_token"])["aud"]
    expect(api["resource"] in audience, f"the API in aud, got {audience}")
    kept.update(client=client, token=token)


def public_client():
    port = 49152 + os.getpid() % 1000
    client = session(app, "none")
    sign_in(client, redirect_uri=f"http://127.0.0.1:{port}/callback")
    before = client.token["refresh_token"]
    client.refresh_token(token_url, before)
    expect(client.token["refresh_token"] != before, "a rotated refresh token")


def userinfo():
    client, token = sign_in(scope="openid email")
    info = client.get(about["userinfo_endpoint"]).json()
    expect(info["sub"] == claims_of(token["id_token"])["sub"] and info["email"], "sub and email")


def refresh():
    client, token = kept["client"], kept["token"]
    fresh = client.refresh_token(token_url, token["refresh_token"])
    expect(fresh["access_token"] != token["access_token"], "another access token")


def replay():
    client, token = sign_in(by=Browser())
    first = token["refresh_token"]
    second = client.refresh_token(token_url, first)["refresh_token"]
    third = client.refresh_token(token_url, second)["refresh_token"]
    for old in (first, third):
        refused(lambda: client.refresh_token(token_url, old), "invalid_grant")


def for_itself(who, method, client=None):
    client = client or session(who, method)
    client.fetch_token(
        grant_type="client_credentials", scope=api["scope"], resource=api["resource"]
    )
    claims = claims_of(client.token["access_token"])
    expect(claims["client_id"] == who["client_id"], "the client")


def assertion():
    client = OAuth2Session(
        signer["client_id"], jwk.import_key(signer["jwk"]), token_endpoint=token_url,
        token_endpoint_auth_method="private_key_jwt",
    )
    headers = {"kid": signer["jwk"]["kid"]}
    client.register_client_auth_method(PrivateKeyJWT(token_url, headers=headers, alg="ES256"))
    for_itself(signer, "private_key_jwt", client)


def wrong_secret():
    wrong = {**basic, "client_secret": "wrong"}
    refused(lambda: for_itself(wrong, "client_secret_basic"), "invalid_client")


def introspect_and_revoke():
    client, token = sign_in(by=Browser())
    fresh = token["refresh_token"]
    ask = lambda: client.introspect_token(about["introspection_endpoint"], token=fresh).json()
    expect(ask()["active"] is True, "an active token")
    client.revoke_token(about["revocation_endpoint"], token=fresh)
    expect(ask() == {"active": False}, "an inactive one, and nothing else")
    refused(lambda: client.refresh_token(token_url, fresh), "invalid_grant")


def exchange():
    kind = "urn:ietf:params:oauth:token-type:access_token"
    _, token = sign_in(by=Browser(), resource=api["resource"])
    client = session(orders)
    made = client.fetch_token(
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token=token["access_token"],
        subject_token_type=kind,
        resource=other["resource"],
        scope=other["scope"],
    )
    claims = claims_of(made["access_token"])
    expect(claims["aud"] == other["resource"], "the other API")
    expect(claims["act"]["sub"] == orders["client_id"], "who acts")


def logout():
    by = Browser()
    _, token = sign_in(by=by)
    after = "https://app.example/bye"
    request = requests.Request("GET", about["end_session_endpoint"], params={
        "id_token_hint": token["id_token"], "post_logout_redirect_uri": after, "state": "over",
    })
    answer = by.walk(request.prepare().url, user, after)
    expect(parse_qs(urlsplit(answer).query)["state"] == ["over"], "the state")


run([
    ("code-with-pkce", code_with_pkce),
    ("public-client-on-loopback", public_client),
    ("max-age", lambda: sign_in(max_age=1000)),
    ("userinfo", userinfo),
    ("refresh", refresh),
    ("refresh-replay", replay),
    ("client-credentials-basic", lambda: for_itself(basic, "client_secret_basic")),
    ("client-credentials-post", lambda: for_itself(post, "client_secret_post")),
    ("client-credentials-private-key-jwt", assertion),
    ("wrong-secret", wrong_secret),
    ("introspection-and-revocation", introspect_and_revoke),
    ("token-exchange", exchange, "token-exchange"),
    ("logout", logout),
])
