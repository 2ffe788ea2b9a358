/**
 * Puts measured tables into the pages of docs/, between the comments
 * `<!-- measured: name -->` and `<!-- end -->`, so that what is written there
 * is what was measured. What stands around them is written by people.
 */
import { readFileSync, writeFileSync } from "node:fs";

type Tables = Readonly<Record<string, string>>;

/**
 * `part`: only the places whose names begin so are filled anew.
 * @throws Error for a page that asks for a table that was not measured.
 */
export function writeTables(pages: readonly string[], tables: Tables, part = ""): void {
  for (const page of pages) {
    const place = new URL(`../docs/${page}`, import.meta.url);
    writeFileSync(place, withTables(readFileSync(place, "utf8"), tables, part));
  }
}

export function withTables(page: string, tables: Tables, part = ""): string {
  return page.replaceAll(/<!-- measured: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g, (place, name: string) => {
    if (!name.startsWith(part)) return place;
    const table = tables[name];
    if (table === undefined) throw new Error(`no table ${name} was measured`);
    return `<!-- measured: ${name} -->\n${table}<!-- end -->`;
  });
}
