/**
 * The table of docs/personal-data.md, made from the code: every kind of personal
 * data with what the presets do with it and what the compliance schemes ask
 * for at least. `node docs/personal-data.ts` writes it between its two marks,
 * `--check` fails when it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { complianceScheme, policyPreset } from "../schemas/control/harness-definition.ts";
import { presets } from "../services/definitions/presets.ts";
import { floorsOf } from "../services/definitions/compliance/compliance-presets.ts";
import { piiEntities } from "../services/guards/pii/entity.ts";
import { placeholderOf } from "../services/guards/privacy/token-forms.ts";

export const page = new URL("./personal-data.md", import.meta.url);
const marks = /(<!-- entities -->\n)[\s\S]*?(<!-- \/entities -->)/;

export function entityTable(): string {
  const policies = policyPreset.options;
  const schemes = complianceScheme.options.map((scheme) => ({
    scheme,
    floors: new Map(floorsOf(scheme).map(({ entity, action }) => [entity, action])),
  }));
  const head = ["entity", "is", "severity", "placeholder", ...policies, ...complianceScheme.options];
  const rows = piiEntities.map(({ entity, title, severity }) => [
    `\`${entity}\``,
    title,
    severity,
    `\`${placeholderOf(entity)}\``,
    ...policies.map((policy) => presets[policy].knobs.pii.entities[entity] ?? ""),
    ...schemes.map(({ floors }) => floors.get(entity) ?? ""),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The page with the table of now. */
export function withEntities(text: string): string {
  return text.replace(marks, (_, open: string, close: string) => `${open}${entityTable()}\n${close}`);
}

if (import.meta.main) {
  const text = readFileSync(page, "utf8");
  const fresh = withEntities(text);
  if (!process.argv.includes("--check")) writeFileSync(page, fresh);
  else if (fresh !== text) {
    process.stderr.write("docs/personal-data.md: the table is stale; npm run docs:generate writes it anew\n");
    process.exitCode = 1;
  }
}
