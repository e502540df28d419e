import { expect, it } from "vitest";
import { placeOf } from "./completion";

it.each([
  ["{", { from: 1 }],
  ['{"', { from: 1 }],
  ['{"is', { from: 1 }],
  ['{\n  "a": 1,\n  "ex', { from: 14 }],
  ['{"alg": "E', { from: 8, member: "alg" }],
  ['{"alg":', { from: 7, member: "alg" }],
  ['{"a":{"b":[1]},"', { from: 15 }],
  ['{"a":tr', { from: 5, member: "a" }],
])("knows what is typed after %j", (before, place) => {
  expect(placeOf(before)).toEqual(place);
});

it.each(["", '{"a"', '{"a":1 ', '{"a":{"', '["', '{"a":["'])("offers nothing after %j", (before) => {
  expect(placeOf(before)).toBeUndefined();
});
