export const share = {
  open: "Share",
  title: "Share without giving anything away",
  lead: "The link shows this token and can't be used as one: its signature is replaced by a marker, so nobody can bring it back. Keys are never in it.",
  mask: "Hide the values of",
  maskAll: "All",
  maskPersonal: "What names people",
  maskNone: "None",
  noClaims: "There are no claims to hide.",
  link: "Link",
  copy: "Copy the link",
  fragment: "What follows # is never sent to a server.",
  file: "This page is a file on your disk: the link opens only where the file is.",
  empty: "Decode a token first; then it can be shared.",
  refused: {
    not_a_token: "This can't be shared: it is not read as a whole token, so it is not certain what in it is a secret.",
    private_key: "This can't be shared: there is a private key in it.",
  },
} as const;
