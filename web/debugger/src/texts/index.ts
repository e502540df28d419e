// The texts of the page in the language of the reader. To add a language, write a file that is a
// `Texts` (the compiler names what is missing) and a row in `LANGUAGES`, here and in `learn`.

import { en } from "./en";

/** The same shape in every language: strings, and functions where something is put into one. */
export type Texts = Translated<typeof en>;

export type Translated<T> = T extends string
  ? string
  : T extends (...given: infer G) => string
    ? (...given: G) => string
    : { readonly [K in keyof T]: Translated<T[K]> };

const LANGUAGES: Record<string, Texts> & { en: Texts } = { en };

/** Those of the first language that the reader knows and that is there. */
export function chosen<T>(languages: Record<string, T> & { en: T }): T {
  for (const language of navigator.languages) {
    const texts = languages[language] ?? languages[language.split("-")[0] ?? ""];
    if (texts) return texts;
  }
  return languages.en;
}

export const texts: Texts = chosen(LANGUAGES);
