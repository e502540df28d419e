/** Opens what the address holds, if it is one of the fragments that are known. */
export function openFragment(): void {}
