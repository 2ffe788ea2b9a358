/**
 * Writes docs/retention.md: how long each topic keeps what, from the catalog.
 * `npm run docs:generate` writes it, and a test fails when it is stale.
 */
import { writeFileSync } from "node:fs";
import { contentPathsIn } from "../services/runtime/content/record-content.ts";
import { catalog } from "../topics/catalog.ts";
import { auditRetentionMs, day, deadLetterRetentionMs, hour, unreadableKeptMs } from "../topics/retention.ts";
import type { TopicSpec } from "../topics/topic-spec.ts";

export const retentionFile = new URL("./retention.md", import.meta.url);

const timeOf = (ms: number): string => (ms % day === 0 ? `${ms / day} days` : `${ms / hour} hours`);

function kept({ retentionMs, trimmedMs, compactedWithinMs }: TopicSpec): string {
  if (trimmedMs !== undefined && retentionMs !== null)
    return `${timeOf(trimmedMs).replace(/^1 days$/, "1 day")} once read (BREAKWATER_REQUESTS_KEPT_MS), else ${timeOf(retentionMs)}`;
  if (retentionMs !== null) return timeOf(retentionMs);
  return compactedWithinMs === undefined ? "until replaced or deleted" : "until erased";
}

function content({ name, trimmedMs }: TopicSpec): string {
  if (trimmedMs !== undefined) return "in the clear, as it was published";
  return contentPathsIn(name).length > 0 ? "sealed for a data subject, else plain" : "none";
}

export function retentionPage(): string {
  const rows = catalog.map((spec: TopicSpec) => `| \`${spec.name}\` | ${kept(spec)} | ${content(spec)} |`);
  return `# How long what is kept

Made from \`topics/catalog.ts\` by \`npm run docs:generate\`. What each setting means, and how a data subject is erased, stands in
[personal-data.md](personal-data.md#sealed-and-erased).

| topic | kept | content |
|---|---|---|
${rows.join("\n")}
| each \`<topic>-dlq\` | ${timeOf(deadLetterRetentionMs)}; what nobody can read opens for ${timeOf(unreadableKeptMs)} | as its topic; requests sealed for their subject, unreadable ones under a key of the day |

ClickHouse keeps no content: \`BREAKWATER_LEDGER_CALLS_DAYS\`, \`_RUNS_DAYS\`, \`_AUDIT_DAYS\`, \`_REVIEWS_DAYS\` and \`_SUMS_DAYS\` say how long it keeps the books.
The sealed audit is kept for ${timeOf(auditRetentionMs)}. These are the settings that \`topics:create\` gives a new topic; one that exists keeps its own.
`;
}

if (import.meta.main) writeFileSync(retentionFile, retentionPage());
