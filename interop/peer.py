"""joserfc, spoken to in lines of JSON; see peer.mjs for what the lines say."""

import json
import sys

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import generate_key, import_key
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

KEYS = {
    "HS256": ("oct", 256),
    "HS384": ("oct", 384),
    "HS512": ("oct", 512),
    "RS256": ("RSA", 2048),
    "RS384": ("RSA", 2048),
    "RS512": ("RSA", 2048),
    "PS256": ("RSA", 2048),
    "PS384": ("RSA", 2048),
    "PS512": ("RSA", 2048),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "ES256K": ("EC", "secp256k1"),
    "EdDSA": ("OKP", "Ed25519"),
    "Ed25519": ("OKP", "Ed25519"),
}


def known_key(alg, key):
    return import_key(key["jwk"] if "jwk" in key else key["pem"], KEYS[alg][0])


def algorithms(_request):
    return {"algorithms": list(KEYS)}


def generate(request):
    key = generate_key(*KEYS[request["alg"]])
    if key.key_type == "oct":
        return {"private": key.as_dict(private=True)}
    return {
        "private": key.as_dict(private=True),
        "public": key.as_dict(private=False),
        "pem": {
            "private": key.as_pem(private=True).decode(),
            "public": key.as_pem(private=False).decode(),
        },
    }


def sign(request):
    alg = request["alg"]
    header = {**request["header"], "alg": alg}
    key = known_key(alg, request["key"])
    return {"token": jws.serialize_compact(header, request["payload"], key, [alg])}


def verify(request):
    alg = request["alg"]
    key = known_key(alg, request["key"])
    try:
        verified = jws.deserialize_compact(request["token"], key, [alg])
    except (JoseError, ValueError) as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "payload": verified.payload.decode()}


def encryptions(_request):
    known = jwe.JWERegistry.algorithms
    return {"alg": list(known["alg"]), "enc": list(known["enc"])}


def encrypt(request):
    alg, enc = request["alg"], request["enc"]
    header = {**request["header"], "alg": alg, "enc": enc}
    key = import_key(request["key"]["jwk"])
    return {"token": jwe.encrypt_compact(header, request["payload"], key, [alg, enc])}


def decrypt(request):
    key = import_key(request["key"]["jwk"])
    algorithms = [request["alg"], request["enc"]]
    try:
        decrypted = jwe.decrypt_compact(request["token"], key, algorithms)
    except (JoseError, ValueError) as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "payload": decrypted.plaintext.decode()}


def thumbprint(request):
    return {"thumbprint": import_key(request["key"]["jwk"]).thumbprint()}


# SD-JWT, by the reference implementation (sd-jwt); its key is always of ES256.


def sd_jwk(key):
    return JWK.from_json(json.dumps(key["jwk"]))


def sd_issue(request):
    """Outermost claims in `disclosable` and all elements of lists become disclosable."""
    claims = {}
    for name, value in request["claims"].items():
        if isinstance(value, list):
            value = [SDObj(item) for item in value]
        claims[SDObj(name) if name in request["disclosable"] else name] = value
    keys = {"issuer_key": sd_jwk(request["key"]), "holder_key": sd_jwk(request["holder"])}
    return {"token": SDJWTIssuer(claims, **keys, add_decoy_claims=True).sd_jwt_issuance}


def sd_present(request):
    holder = SDJWTHolder(request["token"])
    proof = (request["nonce"], request["aud"], sd_jwk(request["holder"]))
    holder.create_presentation(request["claims"], *proof)
    return {"token": holder.sd_jwt_presentation}


def sd_verify(request):
    key = sd_jwk(request["key"])
    expected = (request.get("aud"), request.get("nonce"))
    try:
        verifier = SDJWTVerifier(request["token"], lambda *_: key, *expected)
        return {"ok": True, "claims": verifier.get_verified_payload()}
    except Exception as error:
        return {"ok": False, "error": type(error).__name__}


OPERATIONS = {
    operation.__name__: operation
    for operation in (
        algorithms,
        generate,
        sign,
        verify,
        thumbprint,
        sd_issue,
        sd_present,
        sd_verify,
        encryptions,
        encrypt,
        decrypt,
    )
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = OPERATIONS[request["op"]](request)
    except Exception as error:  # The caller is told, whatever it is.
        answer = {"failure": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
