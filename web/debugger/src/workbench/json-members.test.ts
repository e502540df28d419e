import { expect, it } from "vitest";
import { member, setMember, withoutMembers } from "./json-members";

it("changes one member and nothing else", () => {
  expect(setMember('{ "n":1e400,"exp" : 1, "x":"}" }', "exp", 2)).toBe('{ "n":1e400,"exp" : 2, "x":"}" }');
  expect(setMember('{"a":1,"a":2}', "a", 3)).toBe('{"a":1,"a":3}');
});

it("adds a member in the layout of the others", () => {
  expect(setMember('{\n  "a": 1\n}', "b", "x")).toBe('{\n  "a": 1,\n  "b": "x"\n}');
  expect(setMember('{"a":1}', "b", [1])).toBe('{"a":1,"b":[1]}');
  expect(setMember("{}", "b", 1)).toBe('{"b": 1}');
  expect(setMember("[1", "b", 1)).toBe("[1");
});

it("takes members away", () => {
  expect(withoutMembers('{\n  "alg": "x",\n  "typ": "JWT",\n  "kid": "k"\n}', ["alg", "kid"])).toBe('{\n  "typ": "JWT"\n}');
  expect(withoutMembers('{"alg":1}', ["alg"])).toBe("{}");
  expect(withoutMembers('{"a":1}', ["alg"])).toBe('{"a":1}');
});

it("reads a member as readers do that take the last", () => {
  expect(member('{"a":1,"\\u0061":{"b":[2]}}', "a")).toEqual({ b: [2] });
  expect(member("{}", "a")).toBeUndefined();
});
