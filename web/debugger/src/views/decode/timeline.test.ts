import { expect, it } from "vitest";
import { picture } from "./timeline";

const HOUR = { iat: 1000, nbf: 1000, exp: 4600, leeway: 0 };

it("draws nothing of a token without times", () => {
  expect(picture({ now: 5, leeway: 0 })).toBeUndefined();
});

it("puts what coincides at one mark, in order of time", () => {
  const drawn = picture({ ...HOUR, now: 2000 });
  expect(drawn?.marks.map((mark) => mark.names)).toEqual([["iat", "nbf"], ["exp"]]);
  const [start, end] = drawn?.accepted ?? [1, 0];
  expect(start).toBeLessThan(drawn?.now ?? 0);
  expect(drawn?.now).toBeLessThan(end);
});

it("says that the present is too far away to be drawn to scale", () => {
  expect(picture({ ...HOUR, now: 4600 + 3000 })?.far).toBeUndefined();
  expect(picture({ ...HOUR, now: 4600 + 4000 })).toMatchObject({ far: "after", now: 0.96 });
  expect(picture({ ...HOUR, now: -9000 })).toMatchObject({ far: "before", now: 0.04 });
});

it("draws a single instant to scale, however far it is", () => {
  expect(picture({ exp: 4600, now: 1000, leeway: 0 })?.far).toBeUndefined();
  expect(picture({ exp: 4600, now: 4600, leeway: 0 })?.now).toBeCloseTo(0.08);
});

it("widens with the leeway, and has no end without exp", () => {
  const strict = picture({ ...HOUR, now: 2000 });
  const lenient = picture({ ...HOUR, now: 2000, leeway: 120 });
  expect(lenient?.accepted).toEqual(strict?.accepted);
  expect(lenient?.lenient[0]).toBeLessThan(strict?.lenient[0] ?? 0);
  expect(lenient?.lenient[1]).toBeGreaterThan(strict?.lenient[1] ?? 1);
  expect(picture({ iat: 5, now: 9, leeway: 0 })?.accepted).toEqual([0, 1]);
});
