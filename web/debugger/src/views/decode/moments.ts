// Times in the reader's own zone and words; the core tells them in UTC.

const DAY = 86_400;

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** The widest range that a date can hold. */
function date(seconds: number): Date | undefined {
  const made = new Date(seconds * 1000);
  return Number.isNaN(made.getTime()) ? undefined : made;
}

/** A time with its zone, as the reader's language writes it. */
export function local(seconds: number): string | undefined {
  const at = date(seconds);
  return at && full.format(at);
}

/** A time short enough for a picture: of a day the hour, else the date. */
export function short(seconds: number, range: number): string {
  const at = date(seconds);
  if (!at) return "";
  return (range < 2 * DAY ? hours : days).format(at);
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", DAY],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** A duration in the two largest units that matter: `1 h 30 min`. */
export function span(seconds: number): string {
  if (seconds === 0) return "0 s";
  const words: string[] = [];
  let left = Math.abs(seconds);
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) words.push(`${count} ${unit}`);
    if (words.length === 2) break;
  }
  return words.join(" ");
}

/** What a field for date and time holds, in UTC. */
export function fieldText(seconds: number): string {
  return date(seconds)?.toISOString().slice(0, 19) ?? "";
}

export function fieldSeconds(text: string): number | undefined {
  const read = Date.parse(`${text}Z`);
  return Number.isNaN(read) ? undefined : Math.floor(read / 1000);
}
