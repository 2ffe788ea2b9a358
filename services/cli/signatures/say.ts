/** What the `signatures` commands found, in words and tables for people. */
import type { SignatureMatch } from "../../guards/injection/scanner.ts";
import type { Table } from "../table.ts";
import { isSame, type FieldChange, type PackDifference } from "./diff-packs.ts";
import type { TriedText } from "./scan-texts.ts";

/** `block 30, flag 12`. */
export function describeTally(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

export function describeTried(texts: readonly TriedText[]): Table {
  return {
    columns: [
      { head: "line", align: "right" },
      { head: "channel", drop: 1 },
      { head: "rule" },
      { head: "action" },
      { head: "severity", drop: 2 },
      { head: "from", align: "right" },
      { head: "to", align: "right" },
      { head: "what", wrap: true },
    ],
    rows: texts.flatMap(({ line, channel, matches }) =>
      matches.length === 0
        ? [[String(line), channel, "-", "-", "-", "", "", "nothing found"]]
        : matches.map((match) => rowOf(String(line), channel, match)),
    ),
  };
}

function rowOf(line: string, channel: string, { finding, action }: SignatureMatch): readonly string[] {
  const { rule, severity, span, message } = finding;
  return [line, channel, rule, action, severity, String(span?.start ?? ""), String(span?.end ?? ""), message ?? ""];
}

export function describeDifference(
  difference: PackDifference & { readonly pack: string; readonly applied: string | null },
): string {
  const { pack, applied, settings, added, removed, changed } = difference;
  if (applied === null) return `${pack}: not applied yet, ${added.length} signatures are new`;
  if (isSame(difference)) return `${pack} ${applied}: the same`;
  return [
    `${pack} ${applied}:`,
    ...settings.map((change) => `  ${describeChange(change)}`),
    ...added.map((id) => `  + ${id}`),
    ...removed.map((id) => `  - ${id}`),
    ...changed.flatMap(({ id, fields }) => [`  ~ ${id}`, ...fields.map((change) => `      ${describeChange(change)}`)]),
  ].join("\n");
}

function describeChange({ field, from, to }: FieldChange): string {
  return `${field}: ${written(from)} -> ${written(to)}`;
}

function written(value: unknown): string {
  return value === undefined ? "(none)" : typeof value === "string" ? value : JSON.stringify(value);
}
