/** Prints rows of words and numbers in columns as wide as their widest cell: words to the left, numbers to the right. */

export type Cell = string | number;

/** The table with its title, ending in a line feed. Numbers are printed as they are given: round them first. */
export function table(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => String(row[column] ?? "").length)),
  );
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, column) => {
        const numeric = rows.some((row) => typeof row[column] === "number");
        return numeric ? String(cell).padStart(widths[column] ?? 0) : String(cell).padEnd(widths[column] ?? 0);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return `${[title, "", line(head), rule, ...rows.map(line)].join("\n")}\n`;
}

/** A share as a percentage with one decimal place. */
export function percent(share: number): number {
  return Math.round(share * 1_000) / 10;
}
