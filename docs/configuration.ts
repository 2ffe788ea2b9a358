/**
 * The README's configuration table, made from services/runtime/variables.ts:
 * `node docs/configuration.ts` writes it between its two marks, `--check` fails
 * when it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { secretVariables, variables } from "../services/runtime/variables.ts";

const readme = new URL("../README.md", import.meta.url);
const marks = /(<!-- variables -->\n)[\s\S]*?(<!-- \/variables -->)/;

function fallbackOf(name: string, rule: z.ZodType): string {
  const outcome = rule.safeParse(undefined);
  if (!outcome.success) return "required";
  if (outcome.data === undefined || outcome.data === "") return "";
  return secretVariables.some((secret) => secret === name)
    ? ""
    : `\`${JSON.stringify(outcome.data).replaceAll(`"`, "")}\``;
}

export function configurationTable(): string {
  const rows = Object.entries(variables).map(
    ([name, rule]) => `| \`${name}\` | ${fallbackOf(name, rule)} | ${rule.description ?? ""} |`,
  );
  return ["| variable | default | what it sets |", "|---|---|---|", ...rows].join("\n");
}

/** The README with the table of now. */
export function withTable(text: string): string {
  return text.replace(marks, (_, open: string, close: string) => `${open}${configurationTable()}\n${close}`);
}

if (import.meta.main) {
  const text = readFileSync(readme, "utf8");
  const fresh = withTable(text);
  if (!process.argv.includes("--check")) writeFileSync(readme, fresh);
  else if (fresh !== text) {
    process.stderr.write("README.md: the configuration table is stale; npm run docs:generate writes it anew\n");
    process.exitCode = 1;
  }
}
