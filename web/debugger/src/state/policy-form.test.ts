import { expect, it } from "vitest";
import { lines, listed, policyFields, setField } from "./policy-form";

it("reads and writes lists", () => {
  expect(listed(" a, ,b ,")).toEqual(["a", "b"]);
  expect(lines(["a", "b"])).toBe("a, b");
  expect(lines("a")).toBe("a");
  expect(lines(undefined)).toBe("");
});

it("takes empty rules away and keeps the ones it does not know", () => {
  const policy = { issuer: ["a"], claim: [{ path: "x" }] };
  setField(policy, "issuer", []);
  setField(policy, "max_age", "10m");
  expect(policy).toEqual({ claim: [{ path: "x" }], max_age: "10m" });
  expect(policyFields(policy)).toEqual({ set: 2, others: ["claim"] });
});
