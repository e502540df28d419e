"""One PyPI library's turn in `cargo xtask bench --peers`; see turn.mjs for what the lines say."""

import base64
import json
import sys
import time

import jwt
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, RSAKey


def prepare_pyjwt(request):
    if request["enc"]:
        return None
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
        "take": lambda: jwt.decode(token, verifying, **rules),
        "make": lambda: jwt.encode(claims, signing, alg),
    }


def prepare_joserfc(request):
    if not request["enc"]:
        return None
    token, plaintext = request["token"], json.dumps(request["claims"]).encode()
    header = {"alg": request["alg"], "enc": request["enc"]}
    names = [request["alg"], request["enc"]]
    if request["secret"]:
        encrypting = decrypting = OctKey.import_key(base64.b64decode(request["secret"]))
    else:
        kind = RSAKey if request["alg"].startswith("RSA") else ECKey
        encrypting = kind.import_key(request["public"])
        decrypting = kind.import_key(request["private"])
    return {
        "take": lambda: jwe.decrypt_compact(token, decrypting, algorithms=names),
        "make": lambda: jwe.encrypt_compact(header, plaintext, encrypting, algorithms=names),
    }


libraries = {"PyJWT": prepare_pyjwt, "joserfc": prepare_joserfc}
turn = {}


def answer(request):
    if request["op"] == "prepare":
        prepared = libraries[sys.argv[1]](request)
        turn.update(prepared or {})
        return {"ready": prepared is not None}
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
