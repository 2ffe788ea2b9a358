/**
 * A statement as a page to print, on A4 and Letter alike: heads repeat, rows do
 * not break, pages are numbered; on a phone a row is a list. It holds no script and loads nothing; its
 * policy lets in its own style alone. Every text is escaped.
 */
import { createHash } from "node:crypto";
import { escapeUTF8 } from "entities";
import type { Statement } from "./read-statement.ts";

const style = `
@page { margin: 18mm 15mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif } }
body { font: 10.5pt/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; break-after: avoid }
.sum { font-size: 1.25rem; margin: 1.25rem 0 .25rem } .note { color: #4a4a4a }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } thead { display: table-header-group }
tr { break-inside: avoid } th, td { padding: .3rem .5rem; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th:nth-last-child(-n+4), td:nth-last-child(-n+4) { text-align: right; overflow-wrap: normal }
.few th:nth-child(1), .few td:nth-child(1) { text-align: left; overflow-wrap: anywhere }
.note + table { margin-top: .5rem }
@media screen and (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  tr { display: block; padding: .4rem 0; border-bottom: 1px solid #ccc }
  td, td:nth-last-child(-n+4) { display: flex; justify-content: space-between; gap: 1rem; padding: .1rem 0; border: 0; text-align: right; overflow-wrap: anywhere }
  td::before { content: attr(data-head); color: #4a4a4a; text-align: left; flex: none }
}
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 9pt } }
`;

export const statementPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function statementPage(statement: Statement): string {
  const { client, month, made_at: madeAt, orphans, unknown } = statement;
  const title = `Statement ${month}, ${client}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeUTF8(title)}</title><style>${style}</style></head><body>
<h1>${escapeUTF8(title)}</h1>
<div class="note">Calls that started in ${month} (UTC). Made ${madeAt.slice(0, 16).replace("T", " ")} UTC${statement.is_final ? "." : "; the month or calls of it still run: not final."}</div>
<div class="sum">USD ${statement.cost_usd_cents ?? "unknown"}</div>
<div class="note">Exactly ${statement.cost_usd ?? "unknown"}, for ${grouped(statement.calls)} calls. Taxes are not included.</div>
<h2>By feature, harness and model</h2>
${table(
  ["Feature", "Harness", "Model", "Calls", "Input tokens", "Output tokens", "USD"],
  statement.lines.map((line) => [
    line.feature ?? "-",
    line.harness,
    `${line.provider} ${line.model}`,
    ...[line.calls, line.input_tokens, line.output_tokens].map(grouped),
    line.cost_usd ?? "unknown",
  ]),
)}
<h2>Outside the sum</h2>
${table(
  ["What", "Calls", "At least, USD", "At most, USD"],
  [
    ["Orphans: calls whose end nobody saw", grouped(orphans.calls), ...boundTexts(orphans)],
    ["Calls of unknown cost", grouped(unknown.calls), ...boundTexts(unknown)],
    ["Still in flight", grouped(statement.in_flight), "-", "-"],
  ],
  "few",
)}
<h2>Prices</h2>
${table(
  ["Price version", "Calls", "USD"],
  statement.price_versions.map((of) => [of.price_version, grouped(of.calls), of.cost_usd ?? "unknown"]),
  "few",
)}
${repricingsPart(statement.repricings)}</body></html>
`;
}

function repricingsPart(repricings: Statement["repricings"]): string {
  if (repricings.length === 0) return "";
  const rows = repricings.map(({ repriced_at: at, calls, ...of }) => [
    `${at.slice(0, 16).replace("T", " ")} UTC`,
    of.unknown_calls === 0 ? grouped(calls) : `${grouped(calls)}, of which ${grouped(of.unknown_calls)} unknown`,
    of.cost_usd ?? "unknown",
    of.repriced_usd ?? "unknown",
  ]);
  return `<h2>Priced again</h2>
<div class="note">What calls of this month would have cost under other prices. The sum above stands.</div>
${table(["When", "Calls", "Here, USD", "Then, USD"], rows, "few")}
`;
}

function boundTexts({ calls, low_usd: low, high_usd: high }: Statement["orphans"]): readonly [string, string] {
  return calls === 0 ? ["-", "-"] : [low ?? "unknown", high ?? "unknown"];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[], kind = "lines"): string {
  const head = heads.map((text) => `<th scope="col">${escapeUTF8(text)}</th>`).join("");
  const body = rows.map((cells) => {
    const row = cells.map(
      (text, index) => `<td data-head="${escapeUTF8(heads[index] ?? "")}">${escapeUTF8(text)}</td>`,
    );
    return `<tr>${row.join("")}</tr>`;
  });
  return `<table class="${kind}"><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}

function grouped(figure: number): string {
  return figure.toLocaleString("en-US");
}
