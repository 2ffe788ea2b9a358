/**
 * The figures as tables for people: a row for each group of texts, a column
 * for each thing measured. As text, or in Markdown for docs/.
 */
import type { Figure } from "./figure.ts";
import { documentSignals } from "./planted.ts";
import { userSignals } from "./injection.ts";
import type { GuardTime } from "./time.ts";

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export function accuracyTables(
  figures: readonly Figure[],
): Readonly<Record<"injection" | "planted" | "evasion" | "pii", Table>> {
  const injection: Grouping = {
    prefix: "injection",
    title: "Injection: % of texts found, user channel",
    head: ["kind", "set"],
    columns: userSignals,
  };
  const planted: Grouping = {
    prefix: "planted",
    title: "Planted in documents: % of texts found, document channel",
    head: ["kind", "group"],
    columns: documentSignals,
  };
  const evasion: Grouping = {
    prefix: "evasion",
    title: "Evasion: % of plain recall kept at flag level, and % of honest texts flagged only when disguised",
    head: ["rewrite"],
    columns: ["signatures-kept", "kept", "added"],
  };
  const pii: Grouping = {
    prefix: "pii",
    title: "Personal data: % recall and precision of each entity, and % of hard negatives wrongly redacted",
    head: ["texts", "entity"],
    columns: ["recall", "precision", "redacted"],
  };
  return {
    injection: groupedTable(figures, injection),
    planted: groupedTable(figures, planted),
    evasion: groupedTable(figures, evasion),
    pii: groupedTable(figures, pii),
  };
}

export function heldOutTable(figures: readonly Figure[]): Table {
  return groupedTable(figures, {
    prefix: "held-out",
    title: "The model on sets it was not trained on: % of texts found, alone and with the signatures",
    head: ["kind", "set"],
    columns: ["modelBlock", "modelFlag", "signatureFlag", "flag"],
  });
}

export interface Grouping {
  /** What the names of its figures begin with, perhaps of several parts. */
  readonly prefix: string;
  readonly title: string;
  /** One name for each part between the prefix and the column. */
  readonly head: readonly string[];
  readonly columns: readonly string[];
}

export function groupedTable(figures: readonly Figure[], { prefix, title, head, columns }: Grouping): Table {
  const groups = Map.groupBy(
    figures.filter(({ name }) => name.startsWith(`${prefix}/`)),
    ({ name }) =>
      name
        .slice(prefix.length + 1)
        .split("/")
        .slice(0, -1)
        .join("/"),
  );
  const rows = [...groups].map(([group, members]) => {
    const names = group.split("/");
    const named = head.map((_, column) => names[column] ?? "");
    const cells = columns.map((column) => {
      const figure = members.find(({ name }) => name.endsWith(`/${column}`));
      return figure === undefined ? "" : percent(figure.value);
    });
    return [...named, members[0]?.size ?? 0, ...cells];
  });
  return { title, head: [...head, "size", ...columns.map(spoken)], rows };
}

/** `signatureFlag` as `signature flag`. */
function spoken(column: string): string {
  return column.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("-", " ");
}

export function timeTable(times: readonly GuardTime[]): Table {
  return {
    title: "Time on one core: microseconds of processor time a text",
    head: ["guard", "1,000 characters", "10,000 characters"],
    rows: times.map(({ guard, kilobyteUs, tenKilobytesUs }) => [guard, kilobyteUs, tenKilobytesUs]),
  };
}

/** A share as a percentage with one decimal place. */
export function percent(share: number): number {
  return Math.round(share * 1_000) / 10;
}

/** Columns as wide as their widest cell, numbers to the right. Ends in a line feed. */
export function asText({ title, head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => shown(row[column]).length)));
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, column) => {
        const numeric = rows.some((row) => typeof row[column] === "number");
        return numeric ? shown(cell).padStart(widths[column] ?? 0) : shown(cell).padEnd(widths[column] ?? 0);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return `${[title, "", line(head), rule, ...rows.map(line)].join("\n")}\n`;
}

/** Ends in a line feed. */
export function asMarkdown({ head, rows }: Table): string {
  const numeric = head.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map(shown).join(" | ")} |`;
  const rule = `|${numeric.map((isNumber) => (isNumber ? "---:" : "---")).join("|")}|`;
  return `${[line(head), rule, ...rows.map(line)].join("\n")}\n`;
}

function shown(cell: string | number | undefined): string {
  return String(cell ?? "");
}
