# pip install "pyjwt[crypto]"
from pathlib import Path

import jwt

KEY = Path("public.pem").read_text()


def verify(token: str) -> dict:
    """The claims of a token that may be accepted; raises jwt.InvalidTokenError for every other."""
    decoded = jwt.decode_complete(
        token,
        KEY,
        algorithms=["ES256"],
        options={"verify_aud": False},
    )
    return decoded["payload"]
