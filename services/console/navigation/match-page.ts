/** Which page an address belongs to, and the parts of the address that the page gets. Pure. */

export interface Matched<Page> {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
}

/** `pages[].path` as in `/runs/:id`; a part that cannot be decoded matches nothing. */
export function matchPage<Page extends { readonly path: string }>(
  pages: readonly Page[],
  path: string,
): Matched<Page> | null {
  for (const page of pages) {
    const params = paramsOf(page.path, path);
    if (params !== null) return { page, params };
  }
  return null;
}

function paramsOf(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== value) return null;
      continue;
    }
    const decoded = decode(value);
    if (decoded === null || decoded === "") return null;
    params[part.slice(1)] = decoded;
  }
  return params;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
