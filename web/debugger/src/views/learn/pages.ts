import type { Component } from "svelte";
import Attacks from "./Attacks.svelte";
import Choose from "./Choose.svelte";
import Parts from "./Parts.svelte";
import Refresh from "./Refresh.svelte";
import Sessions from "./Sessions.svelte";
import Storage from "./Storage.svelte";

/** The pages in the order in which they build on each other. */
export const PAGES = [
  ["parts", Parts],
  ["choose", Choose],
  ["sessions", Sessions],
  ["storage", Storage],
  ["refresh", Refresh],
  ["attacks", Attacks],
] as const satisfies readonly (readonly [string, Component])[];

export type PageId = (typeof PAGES)[number][0];
