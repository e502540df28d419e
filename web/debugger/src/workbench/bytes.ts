// Places in the core's answers are bytes of UTF-8; the page counts UTF-16 units.

/** A text that can be addressed by bytes. */
export class ByteText {
  readonly text: string;
  readonly #plain: boolean;
  readonly #bytes: Uint8Array | undefined;

  constructor(text: string) {
    this.text = text;
    this.#plain = /^[\0-\x7f]*$/.test(text);
    this.#bytes = this.#plain ? undefined : new TextEncoder().encode(text);
  }

  /** The index in `text` of a byte. */
  index(byte: number): number {
    if (!this.#bytes) return Math.min(byte, this.text.length);
    let index = 0;
    for (const unit of this.#bytes.subarray(0, byte)) {
      // Continuation bytes start no character; four-byte characters are two units.
      if ((unit & 0xc0) !== 0x80) index += unit >= 0xf0 ? 2 : 1;
    }
    return index;
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.index(start), this.index(end));
  }
}

/** The bytes of a base64url text, as far as it goes. */
export function bytesOf(base64url: string): Uint8Array {
  const clean = base64url.replace(/[^A-Za-z0-9_-].*$/s, "");
  const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
  const binary = atob(whole.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export interface HexLine {
  offset: string;
  hex: string;
  text: string;
}

/** Bytes as people look at them: sixteen to a line. */
export function hexLines(bytes: Uint8Array, most = 64): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length && lines.length < most; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    lines.push({
      offset: at.toString(16).padStart(4, "0"),
      hex: row.map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      text: row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(""),
    });
  }
  return lines;
}
