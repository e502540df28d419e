import { describe, expect, it } from "vitest";
import { pin, seconds } from "./pin";

const token = {
  header: { alg: "ES256", typ: "at+jwt" },
  claims: { iss: "https://issuer.example", aud: ["a", "b"], exp: 1 },
};
const key = { kind: "public" } as const;

describe("what code is pinned to", () => {
  it("is what is expected", () => {
    const policy = { algorithms: ["RS256"], issuer: "x", audience: "y", type: "JWT", required: ["exp"], leeway: "2m", max_age: "1h" };
    const pinning = pin(token, policy, "", key);
    expect(pinning?.fromToken).toEqual([]);
    expect(pinning?.pinned).toMatchObject({ algorithm: "RS256", issuers: ["x"], audiences: ["y"], types: ["JWT"], leeway: 120, maxAge: 3600 });
  });

  it("is what the token has where nothing is expected, and that is said", () => {
    const pinning = pin(token, {}, "", key);
    expect(pinning?.fromToken).toEqual(["alg", "exp", "iss", "aud", "typ"]);
    expect(pinning?.pinned).toMatchObject({ algorithm: "ES256", audiences: ["a", "b"], required: ["exp"], leeway: 0 });
  });

  it("names the rules that no library has", () => {
    expect(pin(token, { forbidden: ["nonce"], claim: [] }, "", key)?.pinned.policy?.further).toEqual(["forbidden", "claim"]);
  });

  it("is nothing without an algorithm", () => {
    expect(pin({ header: {}, claims: {} }, {}, "", key)).toBeUndefined();
  });

  it("reads durations as policies write them", () => {
    expect([seconds("30s"), seconds("5m"), seconds("1h"), seconds("7d"), seconds("9"), seconds(8), seconds("1w")]).toEqual(
      [30, 300, 3600, 604800, 9, 8, undefined],
    );
  });
});
