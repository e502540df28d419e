/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Whether this is the page in one file. */
declare const __EXPORTED__: boolean;
