/**
 * The tables of docs/compliance.md, made from the presets: every line with its
 * clause and what it asks. `node docs/compliance.ts` writes them between their
 * marks, `--check` fails when they are stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { complianceScheme } from "../schemas/control/harness-definition.ts";
import type { Demand } from "../services/definitions/compliance/compliance-line.ts";
import { compliancePresets } from "../services/definitions/compliance/compliance-presets.ts";
import { valuesFrom } from "../services/definitions/compliance/ordered-knobs.ts";

export const page = new URL("./compliance.md", import.meta.url);
const marks = /(<!-- presets -->\n)[\s\S]*?(<!-- \/presets -->)/;

export function presetTables(): string {
  return complianceScheme.options
    .map((scheme) => {
      const { title, lines } = compliancePresets[scheme];
      const rows = lines.map(({ clause, serves, demand }) => `| ${clause} | ${serves} | ${asked(demand)} |`);
      return [`## \`${scheme}\`: ${title}`, "", "| clause | is about | asks |", "| --- | --- | --- |", ...rows, ""];
    })
    .flat()
    .join("\n");
}

function asked(demand: Demand): string {
  switch (demand.kind) {
    case "entities":
      return `${demand.entities.map((entity) => `\`${entity}\``).join(", ")}: \`${demand.atLeast}\` or stricter`;
    case "knob": {
      const values = valuesFrom(demand.knob, demand.atLeast).map((value) => `\`${value}\``);
      return `\`knobs.${demand.knob}\`: ${values.join(" or ")}`;
    }
    case "review":
      return `\`review.onTimeout\`, where there is a review: ${demand.onTimeout.map((each) => `\`${each}\``).join(" or ")}`;
    case "agreement":
      return `every provider: \`${demand.agreement}\` among its agreements`;
    case "region":
      return `every provider: a region of ${demand.regions.join(" ")}; or ${demand.orElse.map((one) => `\`${one}\``).join(" or ")} among its agreements`;
    case "encrypted":
      return "every provider: an https address, or one on the same machine";
    case "decisions_kept":
      return `\`BREAKWATER_LEDGER_AUDIT_DAYS\`: ${demand.atLeastDays} or more, or 0`;
    case "untraced":
      return "`traces`: left out";
    case "content_gone":
      return `prompts and answers, by \`retention.contentMs\` or else by their topics, and requests: ${demand.atMostDays} days at most`;
  }
}

/** The page with the tables of now. */
export function withPresets(text: string): string {
  return text.replace(marks, (_, open: string, close: string) => `${open}${presetTables()}\n${close}`);
}

if (import.meta.main) {
  const text = readFileSync(page, "utf8");
  const fresh = withPresets(text);
  if (!process.argv.includes("--check")) writeFileSync(page, fresh);
  else if (fresh !== text) {
    process.stderr.write("docs/compliance.md: the tables are stale; npm run docs:generate writes them anew\n");
    process.exitCode = 1;
  }
}
