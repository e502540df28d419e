/** Where a section can be read: `RFC 7519 §4.1.1`. */
export function sectionAddress(reference: string | undefined): string | undefined {
  const read = /^RFC (\d+)(?: §([\w.]+))?/.exec(reference ?? "");
  if (!read) return undefined;
  const [, number, section] = read;
  const page = `https://www.rfc-editor.org/rfc/rfc${number}`;
  if (section === undefined) return page;
  return /^\d/.test(section) ? `${page}#section-${section}` : `${page}#appendix-${section}`;
}
