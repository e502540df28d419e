import { SECRET_NAME, TOKEN_NAME, lines, publicPem, type Pinned, type Snippet } from "./pinned";
import { shellWord } from "./quote";

/** The token itself only where the person asked for it; else the shell's variable. */
export interface Given {
  token?: string | undefined;
}

/** The request that would carry this token to its audience. */
export function curl(pinned: Pinned, given: Given): Snippet {
  const target = pinned.audiences.find((audience) => /^https:\/\/[^\s]+$/.test(audience));
  const header = given.token === undefined ? `"Authorization: Bearer $${TOKEN_NAME}"` : shellWord(`Authorization: Bearer ${given.token}`);
  const text = lines(`curl --header ${header} \\`, `  ${shellWord(target ?? "https://api.example.com/")}`);
  return { text, omitted: [] };
}

/** The same verdict from the HTTP API of a local jeton, by jq, in which JSON stands for itself. */
export function api(pinned: Pinned, given: Given): Snippet {
  const key = pinned.key.kind === "secret"
    ? `{secret: $ENV.${SECRET_NAME}, encoding: "${pinned.key.encoding}"}`
    : publicPem(pinned.key) === undefined ? "{text: $key}" : `{text: ${JSON.stringify(publicPem(pinned.key))}}`;
  const file = pinned.key.kind === "public" && publicPem(pinned.key) === undefined;
  const token = given.token === undefined ? `$ENV.${TOKEN_NAME}` : JSON.stringify(given.token);
  const filter = `{token: ${token}, key: ${key}, policy: ${JSON.stringify(policyJson(pinned))}}`;
  const text = lines(
    `jq -n ${file ? "--rawfile key public.pem " : ""}${shellWord(filter)} \\`,
    "  | curl --json @- http://127.0.0.1:7519/api/tokens/verify",
  );
  return { text, omitted: pinned.policy?.further ?? [] };
}

/** The same verdict from the command line. */
export function jeton(pinned: Pinned, given: Given): Snippet {
  const secret = pinned.key.kind === "secret" ? PREFIX[pinned.key.encoding] : undefined;
  const words = [
    pinned.key.kind === "secret" ? `--secret-env ${SECRET_NAME}` : "--key public.pem",
    `--alg ${shellWord(pinned.algorithm)}`,
    ...pinned.issuers.map((issuer) => `--iss=${shellWord(issuer)}`),
    ...pinned.audiences.map((audience) => `--aud=${shellWord(audience)}`),
    ...(pinned.subject === undefined ? [] : [`--sub=${shellWord(pinned.subject)}`]),
    ...pinned.types.map((type) => `--typ=${shellWord(type)}`),
    ...(pinned.required.length > 0 ? [`--require=${shellWord(pinned.required.join(","))}`] : []),
    ...(pinned.leeway > 0 ? [`--leeway ${pinned.leeway}s`] : []),
    ...(pinned.maxAge === undefined ? [] : [`--max-age ${pinned.maxAge}s`]),
    ...((pinned.policy?.further.length ?? 0) > 0 || pinned.typeOptional === true ? ["--policy policy.toml"] : []),
  ];
  const token = given.token === undefined ? `"$${TOKEN_NAME}"` : shellWord(given.token);
  const assign = secret === undefined ? "" : `${SECRET_NAME}="${secret}$${SECRET_NAME}" `;
  const rows = [`${assign}jeton verify ${token}`, ...words.map((word) => `  ${word}`)];
  return { text: lines(rows.join(" \\\n")), omitted: [] };
}

const PREFIX = { utf8: undefined, base64: "b64:", base64url: "b64url:", hex: "hex:" };

function policyJson(pinned: Pinned): Record<string, unknown> {
  const all = {
    algorithms: [pinned.algorithm],
    issuer: pinned.issuers.length > 0 ? pinned.issuers : undefined,
    audience: pinned.audiences.length > 0 ? pinned.audiences : undefined,
    subject: pinned.subject,
    type: pinned.types.length > 0 ? pinned.types : undefined,
    type_optional: pinned.typeOptional === true ? true : undefined,
    required: pinned.required.length > 0 ? pinned.required : undefined,
    leeway: pinned.leeway > 0 ? pinned.leeway : undefined,
    max_age: pinned.maxAge,
  };
  return all;
}

