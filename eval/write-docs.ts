/**
 * Puts measured tables into the pages of docs/, between the comments
 * `<!-- measured: name -->` and `<!-- end -->`, so that what is written there
 * is what was measured. What stands around them is written by people.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** @throws Error for a page that asks for a table that was not measured. */
export function writeTables(pages: readonly string[], tables: Readonly<Record<string, string>>): void {
  for (const page of pages) {
    const place = new URL(`../docs/${page}`, import.meta.url);
    writeFileSync(place, withTables(readFileSync(place, "utf8"), tables));
  }
}

export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return page.replaceAll(/<!-- measured: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`no table ${name} was measured`);
    return `<!-- measured: ${name} -->\n${table}<!-- end -->`;
  });
}
