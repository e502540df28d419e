import { describe, expect, it } from "vitest";
import { ByteText, bytesOf, base64url } from "./bytes";
import { jsonTokens, plainString, pretty, valueOf } from "./json-text";

const laidOut = (text: string) => pretty(text).map((token) => token.text).join("");

describe("JSON as it is written", () => {
  it("keeps big numbers, order and duplicate names", () => {
    const text = '{"b":123456789012345678901234567890,"a":1.0,"a":[],"c":{"d":[1,2]}}';
    expect(laidOut(text)).toBe(
      '{\n  "b": 123456789012345678901234567890,\n  "a": 1.0,\n  "a": [],\n  "c": {\n    "d": [\n      1,\n      2\n    ]\n  }\n}',
    );
  });

  it("lays out broken JSON as far as it goes", () => {
    expect(laidOut('{"iss":"https://id.example","sub')).toBe('{\n  "iss": "https://id.example",\n  "sub');
    expect(jsonTokens('{"a').at(-1)).toEqual({ kind: "broken", text: '"a', at: 1 });
  });

  it("leaves text that is no JSON alone", () => {
    expect(laidOut("eyJhbGciOiJub25lIn0.e30.")).toBe("eyJhbGciOiJub25lIn0.e30.");
    expect(pretty("")).toEqual([]);
  });

  it("loses no character", () => {
    const text = ' { "a\\"b" : tru , \u0001 [1e9] } ';
    expect(jsonTokens(text).map((token) => token.text).join("")).toBe(text);
  });

  it("tells names from strings", () => {
    expect(jsonTokens('{"a" : "b"}').filter((token) => token.kind === "name").map((token) => token.text)).toEqual(['"a"']);
  });

  it("cuts the value out of a member", () => {
    expect(valueOf('"a\\":b" : "c:d"')).toBe('"c:d"');
    expect(plainString('"c:d"')).toBe("c:d");
    expect(plainString('"c\\nd"')).toBeUndefined();
  });
});

describe("places in bytes", () => {
  it("finds them beyond ASCII", () => {
    const text = new ByteText("aé漢😀b");
    expect([0, 1, 3, 6, 10, 11].map((byte) => text.index(byte))).toEqual([0, 1, 2, 3, 5, 6]);
    expect(text.slice(3, 10)).toBe("漢😀");
  });

  it("reads base64url as far as it goes", () => {
    expect([...bytesOf("AQID!xx")]).toEqual([1, 2, 3]);
    expect([...bytesOf("AQIDB")]).toEqual([1, 2, 3]);
    expect(base64url(new Uint8Array([251, 255]))).toBe("-_8");
  });
});
