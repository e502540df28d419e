// What is written stands in `golden/`, to be read by people and to be compiled and run by the tests
// of the languages. `vitest -u` writes it anew.

import { describe, expect, it } from "vitest";
import { TARGETS } from ".";
import { CASES } from "./testing";

describe.each(Object.entries(CASES))("%s", (name, pinned) => {
  it.each(TARGETS.map((target) => [target.id, target] as const))("as %s", async (_, target) => {
    const written = target.write(pinned(), {});
    if ("unsupported" in written) throw new Error(`${target.label} lacks ${written.unsupported}`);
    await expect(written.text).toMatchFileSnapshot(`golden/${name}/${target.file}`);
  });
});

describe("what does not fit", () => {
  it("is said of algorithms", () => {
    const lacking = (algorithm: string) =>
      TARGETS.filter(({ write }) => "unsupported" in write({ ...CASES.bare(), algorithm }, {})).map(({ id }) => id);
    expect(lacking("ES256")).toEqual([]);
    expect(lacking("ES256K")).toEqual(["node", "go", "java", "csharp"]);
    expect(lacking("EdDSA")).toEqual(["java", "csharp"]);
    expect(lacking("ML-DSA-44")).toEqual(["node", "python", "go", "java", "csharp"]);
  });

  it("is said of rules", () => {
    const omitted = TARGETS.map(({ id, write }) => [id, write(CASES.shared_secret(), {})] as const);
    const losing = omitted.filter(([, written]) => "omitted" in written && written.omitted.length > 0);
    expect(losing.map(([id]) => id)).toEqual(["api", "node", "python", "go", "java", "csharp"]);
  });
});

describe("what must not stand in code", () => {
  it("the token, unless it was asked for", () => {
    const token = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";
    for (const { write, carriesToken } of TARGETS) {
      const without = write(CASES.all_rules(), {});
      const having = write(CASES.all_rules(), { token });
      expect(JSON.stringify(without)).not.toContain(token);
      expect(JSON.stringify(having).includes(token)).toBe(carriesToken);
    }
  });

  it("a private key: only a public PEM is embedded", () => {
    const pem = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
    for (const { write } of TARGETS) {
      expect(JSON.stringify(write({ ...CASES.bare(), key: { kind: "public", pem } }, {}))).not.toContain("c2VjcmV0");
    }
  });
});
