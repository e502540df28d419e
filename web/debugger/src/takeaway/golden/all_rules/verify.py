# pip install "pyjwt[crypto]"
import time

import jwt

KEY = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
-----END PUBLIC KEY-----"""


def verify(token: str) -> dict:
    """The claims of a token that may be accepted; raises jwt.InvalidTokenError for every other."""
    decoded = jwt.decode_complete(
        token,
        KEY,
        algorithms=["ES256"],
        issuer="https://issuer.example/a'b\"c\\d\n$x`{y}\u202e\U000e0001 é 字",
        audience=["https://api.example", "it's"],
        subject="ada \"the\" countess",
        leeway=30,
        options={"require": ["exp", "client_id", "iat"]},
    )
    kind = decoded["header"].get("typ")
    if isinstance(kind, str):
        kind = kind.lower().removeprefix("application/")
    if kind not in ["at+jwt"]:
        raise jwt.InvalidTokenError("unexpected typ")
    if time.time() - int(decoded["payload"]["iat"]) > 3630:
        raise jwt.InvalidTokenError("issued too long ago")
    return decoded["payload"]
