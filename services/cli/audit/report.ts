/**
 * The report of an evidence pack for people: what it holds, what it proves and
 * what it does not, and its records in the order of their time. HTML without a
 * script, everything escaped, made to be printed.
 */
import { z } from "zod";
import { keyIdOf } from "../../audit-chain/signed-head.ts";
import type { ProvedRange } from "../../audit-chain/judge-chain.ts";
import type { Selection } from "../../audit-chain/judge-selection.ts";

export interface ReportRecord {
  readonly partition: number;
  readonly sequence: number;
  readonly record: object;
}

export interface Report {
  readonly selection: Selection;
  readonly sealed_from: string | null;
  readonly sealed_to: string | null;
  readonly made_at: string;
  readonly made_by: string;
  readonly links: number;
  readonly records: number;
  readonly heads: number;
  readonly public_keys: readonly string[];
  readonly ranges: readonly ProvedRange[];
  readonly shown: readonly ReportRecord[];
}

export function reportOf(report: Report): string {
  const title = `Audit evidence: ${whatOf(report)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${facts(report)}
${meaning(report)}
<h2>Where the records stand</h2>
${rangesTable(report.ranges)}
<h2>Records</h2>
${recordsTable(report)}
</body>
</html>
`;
}

/** What was chosen, in words. */
export function whatOf({
  selection: { run_id: runId, client_id: clientId },
  sealed_from: from,
  sealed_to: to,
}: Pick<Report, "selection" | "sealed_from" | "sealed_to">): string {
  const whose = [
    ...(runId === undefined ? [] : [`run ${runId}`]),
    ...(clientId === undefined ? [] : [`client ${clientId}`]),
  ];
  const when = from === null && to === null ? [] : [`sealed ${from ?? "from the beginning"} to ${to ?? "now"}`];
  const all = [...(whose.length === 0 ? ["all records"] : whose), ...when];
  return all.join(", ");
}

function facts({ records, links, heads, public_keys: keys, made_at: madeAt, made_by: madeBy }: Report): string {
  const rows = [
    ["Records in this pack", String(records)],
    ["Links of the chain around them", String(links)],
    ["Signed heads", String(heads)],
    ...keys.map((key) => ["Public key (Ed25519)", `${key}  (id ${keyIdOf(key)})`]),
    ["Made", `${madeAt} by ${madeBy}`],
  ];
  return `<table class="facts">${rows.map((row) => tableRow(row)).join("")}</table>`;
}

function meaning({ selection }: Report): string {
  const isPart = selection.run_id !== undefined || selection.client_id !== undefined;
  const proves = [
    "each record here is, to the letter, what was sealed, in the order in which it was sealed",
    "between the first and the last record of each partition below none was removed, inserted or changed",
    ...(isPart
      ? [
          "no record of the selection was left out of these links: those without a record say by their tags that they are of another",
        ]
      : []),
  ];
  const not = [
    "that what was sealed was true when it was sealed, or that something was recorded at all",
    "anything about records before the first or behind the last one of each partition, or of other partitions",
    "that the key is the right one: compare its id with the one that you were given by another way",
    ...(selection.client_id === undefined
      ? []
      : [
          "which client a record is of whose tag was made with a key under which no record of this client is here: the verifier counts them",
        ]),
  ];
  return `<h2>What it proves</h2><p>Run <code>node verify.mjs --key &lt;public key&gt;</code> in this folder (Node 22 or newer). If it says <em>whole</em>:</p>
${list(proves)}<p>It does not prove:</p>${list(not)}`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`;
}

function rangesTable(ranges: readonly ProvedRange[]): string {
  const rows = ranges.map(({ partition, first, last, signedTo }) =>
    [partition, first, last, signedTo ?? "-"].map(String),
  );
  return table(["Partition", "First", "Last", "Signed to"], rows);
}

/** What a record of any kind may say; what it says otherwise is in the file of links. */
const told = z.object({
  kind: z.string().catch(""),
  decided_at_ms: z.number().catch(0),
  run_id: z.string().catch("-"),
  client_id: z.string().catch("-"),
  stage: z.string().catch(""),
  decision: z.string().catch(""),
  action: z.string().catch(""),
  target: z.string().catch(""),
  version: z.string().catch(""),
  outcome: z.string().catch(""),
  provider: z.string().catch(""),
  model: z.string().catch(""),
  harness: z.object({ name: z.string(), version: z.string() }).nullable().catch(null),
  by: z.object({ kind: z.string(), id: z.string() }).nullable().catch(null),
  worker: z.string().catch(""),
  review: z.object({ decision: z.string(), reviewer: z.string().optional() }).nullable().catch(null),
  guards: z.array(z.object({ guard: z.string(), verdict: z.string(), findings: z.array(z.unknown()) })).catch([]),
  reasons: z.array(z.object({ code: z.string() })).catch([]),
});

type Told = z.output<typeof told>;

function recordsTable({ shown, records }: Report): string {
  const read = shown.map(({ record, ...place }) => ({ ...place, told: told.parse(record) }));
  const sorted = read.toSorted((left, right) => left.told.decided_at_ms - right.told.decided_at_ms);
  const rows = sorted.map(({ partition, sequence, told: one }) => [
    new Date(one.decided_at_ms).toISOString().replace("T", " ").replace("Z", ""),
    `${partition}/${sequence}`,
    whoOf(one),
    whatDone(one),
    versionOf(one),
    why(one),
    one.run_id,
    one.client_id,
  ]);
  const rest = records > shown.length ? `<p>The first ${shown.length} of ${records}; all are in links.jsonl.</p>` : "";
  return `${rest}${table(["Time (UTC)", "Record", "Who", "What", "Version", "Guards and reasons", "Run", "Client"], rows)}`;
}

function whoOf({ by, review, stage, worker }: Told): string {
  if (by !== null) return by.kind === "api_key" ? `key ${by.id}` : by.id;
  if (review?.reviewer !== undefined) return review.reviewer;
  return stage === "" ? worker : stage;
}

function whatDone({ kind, decision, action, target, outcome, provider, model, review }: Told): string {
  if (kind === "call") return `call of ${provider}/${model}: ${outcome}`;
  if (kind !== "decision") return `${action} ${target}`;
  return review === null ? decision : `${decision} (${review.decision})`;
}

function versionOf({ harness, version }: Told): string {
  return harness === null ? version : `${harness.name}@${harness.version}`;
}

function why({ guards, reasons }: Told): string {
  const verdicts = guards.map(({ guard, verdict, findings }) => {
    const found = findings.length === 0 ? "" : ` (${findings.length})`;
    return `${guard}: ${verdict}${found}`;
  });
  return [...verdicts, ...reasons.map(({ code }) => code)].join(", ");
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th>${escaped(text)}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => tableRow(row)).join("\n")}</tbody></table>`;
}

function tableRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? "");
}

const style = `
body { font: 14px/1.45 system-ui, sans-serif; color: #1b1f24; margin: 2rem; max-width: 90rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } .facts td:first-child { color: #57606a; padding-right: 2rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #d0d7de; overflow-wrap: break-word; }
th { white-space: nowrap; }
td { font-variant-numeric: tabular-nums; } code { background: #f0f2f4; padding: 0 .25rem; }
@media print { body { margin: 0; font-size: 9pt; max-width: none; } thead { display: table-header-group; } tr { break-inside: avoid; } @page { size: A4 landscape; margin: 12mm; } }
`;
