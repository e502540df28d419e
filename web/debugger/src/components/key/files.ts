import { base64url } from "../../workbench/bytes";
import { emptyKey, keyFromText, type KeyDraft } from "../../state/key-draft";

const MOST = 1 << 20;

/** A key from a file: text as it is, anything else as DER. Nothing if it is too large to be one. */
export async function readKeyFile(file: File): Promise<KeyDraft | undefined> {
  if (file.size > MOST) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const named = { file: file.name };
  // DER begins with a SEQUENCE (0x30) and a length; text would go on with a printable digit "0…".
  const der = bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
  try {
    if (!der) return { ...keyFromText(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), ...named };
  } catch {
    // No text, so bytes.
  }
  return { ...emptyKey(), der: base64url(bytes), ...named };
}
