"""Runs flows and says of each `ok NAME`, `skip NAME` or `fail NAME REASON`; see flows.mjs."""

import base64
import json
import os
import sys
import traceback

setting = json.load(sys.stdin)


def run(flows):
    is_good = True
    for name, work, *needs in flows:
        if set(needs) & set(setting.get("lacks", [])):
            print(f"skip {name}")
            continue
        try:
            work()
            print(f"ok {name}", flush=True)
        except Exception as error:  # Whatever it is, it is the flow's.
            is_good = False
            said = " ".join(f"{type(error).__name__}: {error}".split())
            print(f"fail {name} {said}", flush=True)
            if os.environ.get("VERBOSE"):
                traceback.print_exc()
    sys.exit(0 if is_good else 1)


def expect(condition, what):
    if not condition:
        raise AssertionError(f"expected {what}")


def refused(work, code):
    """Waits for a refusal with this OAuth error code, which libraries tell as `error`."""
    try:
        work()
    except Exception as error:
        got = getattr(error, "error", None) or str(error)
        expect(got == code, f"{code}, got {got}")
        return
    raise AssertionError(f"expected {code}, got an answer")


def claims_of(token):
    part = str(token).split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
