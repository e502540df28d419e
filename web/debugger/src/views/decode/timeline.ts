// Where everything stands on the picture of a token's times, in shares of its width.

export interface Instants {
  iat?: number | undefined;
  nbf?: number | undefined;
  exp?: number | undefined;
  now: number;
  leeway: number;
}

export interface Mark {
  /** What stands here: several names where they coincide. */
  names: ("iat" | "nbf" | "exp")[];
  seconds: number;
  x: number;
}

export interface Picture {
  marks: Mark[];
  now: number;
  /** Set if the present is too far away to be drawn to scale: on which side. */
  far: "before" | "after" | undefined;
  /** Where it is accepted without leeway, and with. */
  accepted: [number, number];
  lenient: [number, number];
  /** What the whole width stands for, in seconds. */
  from: number;
  to: number;
}

/** The part of the width that is drawn to scale when the present is far. */
const NEAR: [number, number] = [0.22, 0.78];
const SHORTEST = 60;

export function picture({ iat, nbf, exp, now, leeway }: Instants): Picture | undefined {
  const told = [iat, nbf, exp].filter((each) => each !== undefined && Number.isFinite(each)) as number[];
  if (told.length === 0) return undefined;
  const first = Math.min(...told);
  const last = Math.max(...told);
  // One instant alone has no length that the present could be far from.
  const length = last > first ? last - first : Math.max(SHORTEST, Math.abs(now - first));
  const far = now < first - length ? "before" : now > last + length ? "after" : undefined;
  const low = far ? first : Math.min(first, now);
  const high = Math.max(far ? last : Math.max(last, now), low + SHORTEST);
  const [left, right] = far ? NEAR : [0.08, 0.92];
  const perSecond = (right - left) / (high - low);
  const x = (seconds: number) => clamp(left + (seconds - low) * perSecond);
  return {
    marks: marksOf({ iat, nbf, exp }, x),
    now: far === "before" ? 0.04 : far === "after" ? 0.96 : x(now),
    far,
    accepted: [nbf === undefined ? 0 : x(nbf), exp === undefined ? 1 : x(exp)],
    lenient: [nbf === undefined ? 0 : x(nbf - leeway), exp === undefined ? 1 : x(exp + leeway)],
    from: low - left / perSecond,
    to: high + (1 - right) / perSecond,
  };
}

function marksOf(times: Record<"iat" | "nbf" | "exp", number | undefined>, x: (seconds: number) => number): Mark[] {
  const marks: Mark[] = [];
  for (const name of ["iat", "nbf", "exp"] as const) {
    const seconds = times[name];
    if (seconds === undefined) continue;
    const at = x(seconds);
    const same = marks.find((mark) => Math.abs(mark.x - at) < 0.005);
    if (same) same.names.push(name);
    else marks.push({ names: [name], seconds, x: at });
  }
  return marks;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
