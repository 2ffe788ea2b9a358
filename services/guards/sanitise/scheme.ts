/**
 * Whether an address is code instead of a place: `javascript:`, `vbscript:`, and
 * `data:` with content. Read as a browser does, which skips blanks and controls
 * before a scheme, and tabs and line feeds anywhere in it.
 */
const code = /^(?:view-source:)?(?:javascript|livescript|mocha|vbscript|vbs|jscript):|^data:[^ ]*,/;
/** Longer than any scheme that is code, with room for the type of a data address. */
const looked = 200;

export function hasCodeScheme(address: string): boolean {
  const start = address.search(/[^\0- ]/);
  if (start < 0) return false;
  const read = address
    .slice(start, start + looked)
    .replaceAll(/[\t\n\r]/g, "")
    .toLowerCase();
  return code.test(read);
}
