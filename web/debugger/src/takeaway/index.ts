/**
 * A token's verification, taken elsewhere: as commands, and as code pinned to what was expected.
 * To add a language: its escapes in `quote`, a file, and its row in `TARGETS`.
 */
import { api, curl, jeton, type Given } from "./commands";
import { csharp } from "./csharp";
import { go } from "./go";
import { java } from "./java";
import { node } from "./node";
import type { Pinned, Snippet, Unsupported } from "./pinned";
import { python } from "./python";
import { rust } from "./rust";

export type { Pinned, PinnedKey, SecretEncoding, Snippet, Unsupported } from "./pinned";
export { SECRET_NAME, TOKEN_NAME } from "./pinned";
export { pin } from "./pin";

export interface Target {
  id: string;
  /** As people call it; names of languages and libraries are not translated. */
  label: string;
  library?: string;
  file: string;
  /** Whether the token can stand in it. */
  carriesToken: boolean;
  write: (pinned: Pinned, given: Given) => Snippet | Unsupported;
}

export const TARGETS: readonly Target[] = [
  { id: "jeton", label: "jeton", file: "verify.sh", carriesToken: true, write: jeton },
  { id: "curl", label: "curl", file: "call.sh", carriesToken: true, write: curl },
  { id: "api", label: "HTTP API", file: "verify-api.sh", carriesToken: true, write: api },
  { id: "rust", label: "Rust", library: "jeton-jose", file: "verify.rs", carriesToken: false, write: rust },
  { id: "node", label: "Node", library: "jose", file: "verify.mjs", carriesToken: false, write: node },
  { id: "python", label: "Python", library: "PyJWT", file: "verify.py", carriesToken: false, write: python },
  { id: "go", label: "Go", library: "golang-jwt", file: "verify.go", carriesToken: false, write: go },
  { id: "java", label: "Java", library: "nimbus-jose-jwt", file: "TokenVerifier.java", carriesToken: false, write: java },
  { id: "csharp", label: "C#", library: "Microsoft.IdentityModel", file: "TokenVerifier.cs", carriesToken: false, write: csharp },
];
