/**
 * Writes an evidence pack: every link of a range, with the records of the
 * selection and of no other run or client, the signed heads, what the pack
 * claims, the verifier and a report for people. Links are written as they are
 * read, so that a pack may be larger than memory.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { auditHead, auditLink, type AuditHead } from "../../../schemas/audit/chain.ts";
import type { ProvedRange } from "../../audit-chain/judge-chain.ts";
import type { Selection } from "../../audit-chain/judge-selection.ts";
import { linkLine, recordText } from "../../audit-chain/link.ts";
import { packFiles } from "../../audit-chain/read-pack.ts";
import { canonicalJson } from "../../definitions/canonical-json.ts";
import { verifierFiles } from "./pack-verifier.ts";
import { reportOf, type ReportRecord } from "./report.ts";

export interface PackClaim {
  readonly selection: Selection;
  /** What was asked for, by the time of sealing; null: without end. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly madeAtMs: number;
  readonly madeBy: string;
}

/** Records that the report shows; the others are in the file of links alone. */
const mostShown = 2000;
const writtenAtOnce = 1000;

export class PackWriter {
  readonly #folder: string;
  readonly #claim: PackClaim;
  readonly #links: number;
  #waiting: string[] = [];
  #linkCount = 0;
  #recordCount = 0;
  readonly #heads: AuditHead[] = [];
  readonly #shown: ReportRecord[] = [];

  /** @throws Error of the file system: the folder must not hold a pack already. */
  constructor(folder: string, claim: PackClaim) {
    this.#folder = folder;
    this.#claim = claim;
    mkdirSync(folder, { recursive: true });
    this.#links = openSync(path.join(folder, packFiles.links), "wx");
  }

  /** What is no link may hold anything: a line without a link stands for it, for the verifier to name. */
  link(value: unknown): void {
    const link = auditLink.safeParse(value);
    this.#linkCount += 1;
    if (!link.success) return this.#write("null");
    const { record, partition, sequence } = link.data;
    const isSelected = this.#isSelected(record);
    this.#write(linkLine(link.data, isSelected ? recordText(record) : null));
    if (!isSelected) return;
    this.#recordCount += 1;
    if (this.#shown.length < mostShown) this.#shown.push({ partition, sequence, record });
  }

  head(value: unknown): void {
    const head = auditHead.safeParse(value);
    if (head.success) this.#heads.push(head.data);
  }

  /** Writes the rest. */
  finish(ranges: readonly ProvedRange[]): void {
    this.#flush();
    closeSync(this.#links);
    const { selection, fromMs, toMs, madeAtMs, madeBy } = this.#claim;
    const manifest = {
      format: "breakwater-evidence-1",
      selection,
      sealed_from: timeOrNull(fromMs),
      sealed_to: timeOrNull(toMs),
      made_at: new Date(madeAtMs).toISOString(),
      made_by: madeBy,
      partitions: ranges.map(({ partition, first, last }) => ({ partition, first, last })),
      links: this.#linkCount,
      records: this.#recordCount,
      heads: this.#heads.length,
      public_keys: [...new Set(this.#heads.map(({ public_key }) => public_key))],
    };
    this.#file(packFiles.heads, this.#heads.map((head) => `${canonicalJson(head)}\n`).join(""));
    this.#file(packFiles.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
    this.#file("report.html", reportOf({ ...manifest, ranges, shown: this.#shown }));
    mkdirSync(path.join(this.#folder, "verifier"), { recursive: true });
    for (const [name, text] of verifierFiles()) this.#file(name, text);
  }

  #isSelected(record: { readonly [field: string]: unknown }): boolean {
    const { run_id: runId, client_id: clientId } = this.#claim.selection;
    return (
      (runId === undefined || record["run_id"] === runId) &&
      (clientId === undefined || record["client_id"] === clientId)
    );
  }

  #write(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length >= writtenAtOnce) this.#flush();
  }

  #flush(): void {
    if (this.#waiting.length > 0) writeSync(this.#links, `${this.#waiting.join("\n")}\n`);
    this.#waiting = [];
  }

  #file(name: string, text: string): void {
    writeFileSync(path.join(this.#folder, name), text);
  }
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
