// The texts of the lessons, which come with them and not with the page.

import { chosen, type Translated } from ".";
import { learn as en } from "./en/learn";

const LANGUAGES: Record<string, Translated<typeof en>> & { en: Translated<typeof en> } = { en };

export const learn = chosen(LANGUAGES);
