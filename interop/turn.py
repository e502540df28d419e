"""PyJWT's turn in `cargo xtask bench --peers`; see turn.mjs for what the lines say."""

import base64
import json
import sys
import time

import jwt
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)


def prepare(request):
    alg, claims, token = request["alg"], request["claims"], request["token"]
    if request["secret"]:
        signing = verifying = base64.b64decode(request["secret"])
    else:
        signing = load_pem_private_key(request["private"].encode(), None)
        verifying = load_pem_public_key(request["public"].encode())
    rules = {
        "algorithms": [alg],
        "issuer": request["iss"],
        "audience": request["aud"],
        "options": {"require": ["exp", "iss", "aud"]},
    }
    return {
        "verify": lambda: jwt.decode(token, verifying, **rules),
        "sign": lambda: jwt.encode(claims, signing, alg),
    }


turn = {}


def answer(request):
    if request["op"] == "prepare":
        turn.update(prepare(request))
        return {"ready": True}
    work = turn[request["op"]]
    began = time.perf_counter_ns()
    for _ in range(request["times"]):
        work()
    return {"ns": (time.perf_counter_ns() - began) / request["times"]}


for line in sys.stdin:
    try:
        said = answer(json.loads(line))
    except Exception as error:  # The caller is told, whatever it is.
        said = {"failure": f"{type(error).__name__}: {error}"}
    print(json.dumps(said), flush=True)
