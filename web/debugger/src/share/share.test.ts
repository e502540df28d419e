import { describe, expect, it } from "vitest";
import { decodeText, encodeText } from "../workbench/base64url-text";
import { MARKER, claimNames, defuse } from "./defuse";
import { readFragment, shareLink, takeFragment } from ".";

const SIGNATURE = "c2VjcmV0LXNpZ25hdHVyZS1ieXRlcw";
const compact = (payload: string, header = '{"alg":"HS256"}') => `${encodeText(header)}.${encodeText(payload)}.${SIGNATURE}`;
const none: ReadonlySet<string> = new Set();

function shown(text: string, masked = none): string {
  const defused = defuse(text, masked);
  if ("refused" in defused) throw new Error(defused.refused);
  return defused.text;
}

const payloadOf = (token: string) => decodeText(token.split(/[.~]/)[1] ?? "");

describe("a shared token", () => {
  it("has no signature left", () => {
    const token = compact('{"sub":"ada"}');
    expect(shown(token)).toBe(token.replace(SIGNATURE, MARKER));
  });

  it("has a marker that is canonical base64url", () => {
    expect(Buffer.from(MARKER, "base64url").toString("base64url")).toBe(MARKER);
  });

  it("masks what was chosen, and keeps the rest byte for byte", () => {
    const payload = '{ "n": 12345678901234567890.0 , "email":"a@b", "a":1,"a":{"b":[1,"]}"]}, "e\\u006dail" :\n{"x":"}"} }';
    expect(payloadOf(shown(compact(payload), new Set(["email"])))).toBe(
      '{ "n": 12345678901234567890.0 , "email":"•••", "a":1,"a":{"b":[1,"]}"]}, "e\\u006dail" :\n"•••" }',
    );
  });

  it("has no tokens within it that could be used", () => {
    const inner = compact('{"x":1}');
    expect(payloadOf(shown(compact(`{"access_token":"${inner}"}`)))).toContain(`.${MARKER}"`);
    expect(payloadOf(shown(compact(inner, '{"alg":"HS256","cty":"JWT"}')))).toBe(inner.replace(SIGNATURE, MARKER));
  });

  it("cannot be decrypted when it was encrypted", () => {
    expect(shown("eyJhbGciOiJBMTI4S1cifQ.a2V5.aXY.Y2lwaGVy.dGFn")).toBe(`eyJhbGciOiJBMTI4S1cifQ.${MARKER}.aXY.${MARKER}.${MARKER}`);
    expect(shown("eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn")).toBe(`eyJhbGciOiJkaXIifQ..aXY.${MARKER}.${MARKER}`);
  });

  it("loses the disclosures of masked claims, and the proof of the holder", () => {
    const email = encodeText('["salt","email","a@b"]');
    const city = encodeText('["salt","city","London"]');
    const element = encodeText('["salt","DE"]');
    const token = `${compact('{"_sd":[]}')}~${email}~${city}~${element}~${compact('{"nonce":"n"}')}`;
    expect(claimNames(token)).toEqual(["_sd", "email", "city"]);
    const masked = shown(token, new Set(["email"]));
    expect(masked.split("~").slice(1, -1)).toEqual([city]);
    expect(masked).not.toContain(SIGNATURE);
    expect(shown(token).split("~").slice(1, -1)).toEqual([email, city, element]);
  });

  it("is as harmless in JSON", () => {
    const payload = encodeText('{"sub":"ada"}');
    const general = JSON.stringify({ payload, signatures: [{ protected: "e30", signature: SIGNATURE }, { signature: SIGNATURE }] });
    expect(JSON.parse(shown(general, new Set(["sub"])))).toEqual({
      payload: encodeText('{"sub":"•••"}'),
      signatures: [{ protected: "e30", signature: MARKER }, { signature: MARKER }],
    });
    const encrypted = '{"ciphertext":"Y2lwaGVy","tag":"dGFn","iv":"aXY","recipients":[{"encrypted_key":"a2V5"}]}';
    expect(shown(encrypted)).not.toMatch(/Y2lwaGVy|dGFn|a2V5/);
    expect(claimNames(general)).toEqual(["sub"]);
  });

  it("is refused where it holds a private key, wherever it is", () => {
    const jwk = '{"kty":"EC","d":"AA"}';
    expect(defuse(compact("{}", `{"jwk":${jwk}}`), none)).toEqual({ refused: "private_key" });
    expect(defuse(compact(`{"cnf":{"jwk":${jwk}}}`), none)).toEqual({ refused: "private_key" });
    expect(defuse(compact(`{"cnf":{"jwk":${jwk}}}`), new Set(["cnf"]))).toHaveProperty("text");
  });

  it.each(["", "hello", "a.b", '{"kty":"oct","k":"AA"}', "{}", "a.b.c.d", "ey.ey.x y"])("is refused when it is none: %j", (text) => {
    expect(defuse(text, none)).toHaveProperty("refused");
  });

  it("comes back from its link", () => {
    const made = shareLink("http://localhost/debugger/#/encode", compact('{"sub":"é"}'), new Set(["sub"]));
    if (!("link" in made)) throw new Error("refused");
    expect(made.link).toMatch(/^http:\/\/localhost\/debugger\/#token=eyJ/);
    expect(payloadOf(readFragment(new URL(made.link).hash)?.token ?? "")).toBe('{"sub":"•••"}');
  });
});

describe("the fragment of an address", () => {
  it.each(["token", "id_token", "access_token", "value"])("is read as #%s=", (name) => {
    expect(readFragment(`#state=x&${name}=a.b.c&expires_in=3600`)).toEqual({ token: "a.b.c" });
  });

  it("is read as jwt.io writes it, the key included", () => {
    const pem = "-----BEGIN PUBLIC KEY-----\nMF+k/w==\n-----END PUBLIC KEY-----";
    const expected = { token: "a.b.c", publicKey: pem };
    expect(readFragment(`#debugger-io?token=a.b.c&publicKey=${encodeURIComponent(pem)}`)).toEqual(expected);
    const form = new URLSearchParams({ publicKey: pem }).toString();
    expect(readFragment(`#debugger-io?token=a.b.c&${form}`)).toEqual(expected);
    expect(readFragment("#debugger-io?value=a.b.c")).toEqual({ token: "a.b.c" });
  });

  it("gives the access token that came with an id token", () => {
    expect(readFragment("#access_token=x.y.z&id_token=a.b.c")).toEqual({ token: "a.b.c", accessToken: "x.y.z" });
  });

  it.each(["", "#", "#/encode", "#token=", "#secret=x", "#debugger-io?secret=x"])("is none of ours: %j", (hash) => {
    expect(readFragment(hash)).toBeUndefined();
  });

  it("survives what can't be decoded", () => {
    expect(readFragment("#token=%E0%A4%A")).toEqual({ token: "%E0%A4%A" });
  });

  it("never takes a secret", () => {
    expect(readFragment("#debugger-io?token=a.b.c&secret=hunter2")).toEqual({ token: "a.b.c" });
  });

  it("leaves the address bar at once", () => {
    const calls: unknown[] = [];
    const history = { state: { here: 1 }, replaceState: (...call: unknown[]) => void calls.push(call) } as unknown as History;
    const location = { hash: "#token=a.b.c", pathname: "/debugger/", search: "?x" } as Location;
    expect(takeFragment(location, history)?.token).toBe("a.b.c");
    expect(calls).toEqual([[{ here: 1 }, "", "/debugger/?x"]]);
    takeFragment({ ...location, hash: "#/encode" } as Location, history);
    expect(calls).toHaveLength(1);
  });
});
