/**
 * Writes docs/retention.md: how long each topic keeps what, from the catalog.
 * `npm run docs:generate` writes it, and a test fails when it is stale.
 */
import { writeFileSync } from "node:fs";
import { contentPathsIn } from "../services/runtime/content/record-content.ts";
import { catalog } from "../topics/catalog.ts";
import { maxContentMs } from "../schemas/policies/retention-policy.ts";
import {
  auditRetentionMs,
  day,
  deadLetterRetentionMs,
  hour,
  keyCompactionMs,
  keySweepMs,
  unreadableKeptMs,
} from "../topics/retention.ts";
import type { TopicSpec } from "../topics/topic-spec.ts";

export const retentionFile = new URL("./retention.md", import.meta.url);

const timeOf = (ms: number): string => (ms % day === 0 ? `${ms / day} days` : `${ms / hour} hours`);

function kept({ retentionMs, trimmedMs, compactedWithinMs }: TopicSpec): string {
  if (trimmedMs !== undefined && retentionMs !== null)
    return `${timeOf(trimmedMs).replace(/^1 days$/, "1 day")} once read (BREAKWATER_REQUESTS_KEPT_MS), else ${timeOf(retentionMs)}`;
  if (retentionMs !== null) return timeOf(retentionMs);
  return compactedWithinMs === undefined
    ? "until replaced or deleted"
    : "until erased, or the harness's retention is over";
}

function content({ name, trimmedMs }: TopicSpec): string {
  if (trimmedMs !== undefined) return "in the clear, as it was published";
  return contentPathsIn(name).length > 0 ? "sealed for a data subject or a harness's retention, else plain" : "none";
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

## A harness of its own

A topic keeps its records for everybody alike. A harness that wants less says so:

\`\`\`yaml
retention:
  contentMs: 86400000 # a day; at most the ${timeOf(maxContentMs)} that topics keep content
\`\`\`

- **What it covers**: all that is content of a run of this harness from input-scan on, data subject or not: prompts, context, answers, tool calls, what reviewers see and write, dead letters, and the
  hashes that stand for it in the audit. One time holds for all of these kinds, since they hold the same words: an answer that ends as a result and stays as a review has not ended.
- **How**: it is sealed under keys that are for the client (and the subject) and for one moment. That moment is \`contentMs\` after the request's time on its topic, rounded down to a 24th of it:
  nothing can be read for longer, and everything for 23 parts of 24. It is pinned for the run, in \`content_until_ms\`: a definition that is applied later changes nothing for runs that began before.
- **When it is over**, every process refuses the key by its own clock, at once, and seals nothing that is late under a key that anybody has. Each input-scan looks every ${keySweepMs / 1000} s for keys
  that are over: the audit has \`erasure\`, state \`asked\`, the wrapped key is replaced on \`harness-subject-keys\`, compaction takes it from the disk (segments end after ${keyCompactionMs / 1000} s, the broker's cleaner looks every 15 s
  by default), and when no wrapped key is left to be read the audit has state \`complete\`: within two minutes or so where Kafka keeps up. What is still to be done stands on the topic, so a process that is killed is followed by
  the next. While no input-scan runs the wrapped keys stay, and open nothing. Content is told as erased from then on, as after \`breakwater erase\`.
- **Refused at \`harness apply\`**: more than the topics keep; a \`deadlineMs\`, or that and \`review.timeoutMs\`, longer than the least that content stays; a \`degrade.lastGoodAnswer.maxAgeMs\` beyond it; prompts or answers in traces.
  A batch's own deadline ends with its content. Without \`BREAKWATER_SECRET_KEY\` such a harness refuses every run (\`no_secret_key\`). \`harness lint\` holds \`contentMs\` and \`BREAKWATER_REQUESTS_KEPT_MS\` to the presets.
- **What it does not cover**: requests as they were published, which are no harness's yet (\`BREAKWATER_REQUESTS_KEPT_MS\`); labels that are no content (below); what the gateway's callers and providers keep. An
  answer that is given again (\`lastGoodAnswer\`) is from then on content of the run that it is given to. Runs that were asked for before the harness had its retention keep what held for them.
- **The ledger** holds no content and keeps a harness's rows as long as all others of their kind: a bill, a budget and an audit add up over all harnesses, and a harness that could take its rows back could take its costs back.

## What outlives an erasure, and a retention

Neither reaches what is no content. It stays as long as its topic:

- **The hash of the request's body** (\`body_sha256\`; harness-scanned, its batch lane, harness-retries and harness-calls, and their dead letters; harness-settled for 2 hours) is SHA-256 without a key, over the whole request. Who reads these
  topics and can guess a request word by word can see that it was made. Input that is one of a few (a yes, a number of four digits) can be tried out.
- **A call's options** (tools, the answer's schema, stop words; harness-scanned, its batch lane, harness-retries and the settling finishes on harness-calls, and their dead letters) stand in the clear, after personal data was found and taken out of them as
  out of the input. What the guards do not find, a name in a tool's description, stays.
- **Labels**: \`subject_id\`, \`client_id\`, documents' names, \`correlation_id\`, reviewers' reasons, record keys and headers; in ClickHouse, too, as long as the table's days say.
`;
}

if (import.meta.main) writeFileSync(retentionFile, retentionPage());
