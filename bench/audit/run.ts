/**
 * `npm run bench:audit`: proves 100,000 records of the audit: the judge alone,
 * then the whole command on an evidence pack, its start included. One changed
 * record must be found. Fails when the command takes more than 5 s, which is
 * what was asked for. Option: --records N.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { judgeChain, type Verdict } from "../../services/audit-chain/judge-chain.ts";
import { linkLine, recordText } from "../../services/audit-chain/link.ts";
import { readLinkLine } from "../../services/audit-chain/read-link.ts";
import { readHead, type SignedHead } from "../../services/audit-chain/signed-head.ts";
import { madeChain } from "./made-chain.ts";

const barMs = 5000;
const tries = 5;
const { values } = parseArgs({ options: { records: { type: "string", default: "100000" } } });

/** The median of several tries. */
function timed(work: () => void): number {
  const took = Array.from({ length: tries }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  }).toSorted((a, b) => a - b);
  return took[Math.floor(tries / 2)] ?? 0;
}

function judged(lines: readonly string[], heads: readonly SignedHead[]): Verdict {
  return judgeChain({
    links: lines.map((line, index) => readLinkLine(line, `line ${index + 1}`)),
    heads: heads.map((head, index) => readHead(head, `head ${index + 1}`, null)),
    first: new Map(),
  });
}

function verify(pack: string): number {
  const { status } = spawnSync(process.execPath, ["services/cli/breakwater.ts", "audit", "verify", pack]);
  return status ?? -1;
}

function say(what: string, ms: number, records: number): void {
  const rate = Math.round((records / ms) * 1000).toLocaleString("en");
  process.stdout.write(`${what.padEnd(34)}${(ms / 1000).toFixed(2).padStart(7)} s${rate.padStart(12)} records/s\n`);
}

const { links, heads } = madeChain(Number(values.records));
const lines = links.map((link) => linkLine(link, recordText(link.record)));
const pack = mkdtempSync(path.join(tmpdir(), "breakwater-audit-bench-"));
try {
  const write = (texts: readonly string[]): void =>
    writeFileSync(path.join(pack, "links.jsonl"), `${texts.join("\n")}\n`);
  write(lines);
  writeFileSync(path.join(pack, "heads.jsonl"), heads.map((head) => `${JSON.stringify(head)}\n`).join(""));
  if (judged(lines, heads).fault !== null || verify(pack) !== 0) throw new Error("a whole chain was not proved");
  say(
    "the judge alone",
    timed(() => void judged(lines, heads)),
    links.length,
  );
  const command = timed(() => void verify(pack));
  say("the whole command, on a pack", command, links.length);
  const at = Math.floor(lines.length / 2);
  write(lines.with(at, (lines[at] ?? "").replace('"acme"', '"acmE"')));
  if (verify(pack) !== 1) throw new Error("a changed record was not found");
  if (command > barMs) throw new Error(`it took more than ${barMs / 1000} s`);
} finally {
  rmSync(pack, { recursive: true, force: true });
}
