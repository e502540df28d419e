# pip install "pyjwt"
import base64
import os

import jwt

KEY = base64.urlsafe_b64decode(os.environ["TOKEN_SECRET"] + "==")


def verify(token: str) -> dict:
    """The claims of a token that may be accepted; raises jwt.InvalidTokenError for every other."""
    decoded = jwt.decode_complete(
        token,
        KEY,
        algorithms=["HS256"],
        issuer=["https://issuer.example", "https://other.example"],
        options={"require": ["exp", "sub"], "verify_aud": False},
    )
    kind = decoded["header"].get("typ")
    if isinstance(kind, str):
        kind = kind.lower().removeprefix("application/")
    if kind not in ["jwt", "notes+jwt", None]:
        raise jwt.InvalidTokenError("unexpected typ")
    return decoded["payload"]
