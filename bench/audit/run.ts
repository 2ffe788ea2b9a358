/**
 * `npm run bench:audit`: proves 100,000 records of the audit: the judge alone,
 * then the whole command, its start included, on an evidence pack and on the
 * topic of a started system. One changed record must be found. Fails when a
 * command takes more than 5 s, which is what was asked for. Option: --records N.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { judgeChain, type Verdict } from "../../services/audit-chain/judge-chain.ts";
import { linkLine, recordText } from "../../services/audit-chain/link.ts";
import { readLinkLine } from "../../services/audit-chain/read-link.ts";
import { readHead, type SignedHead } from "../../services/audit-chain/signed-head.ts";
import { openEdge } from "../pipeline.ts";
import { startSystem } from "../system.ts";
import { admitted, madeChain } from "./made-chain.ts";

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

interface Verified {
  readonly status: number;
  readonly links: number;
}

function verify(places: readonly string[], environment: NodeJS.ProcessEnv = {}): Verified {
  const command = ["services/cli/breakwater.ts", "audit", "verify", "--json", ...places];
  const { status, stdout } = spawnSync(process.execPath, command, { env: { ...process.env, ...environment } });
  const links = /"links":\s*(\d+)/.exec(String(stdout))?.[1] ?? 0;
  return { status: status ?? -1, links: Number(links) };
}

/** Decisions on harness-audit, for the system's own sealer. */
async function writeDecisions(brokers: string, count: number): Promise<void> {
  const edge = await openEdge(brokers);
  for (let written = 0; written < count; written += 1000) {
    const decisions = Array.from({ length: Math.min(1000, count - written) }, () => admitted(uuidv7()));
    await edge.producer.publish(
      decisions.map((value) => {
        const { event_id: id } = value;
        return { topic: "harness-audit", key: id, id, type: "breakwater.audit.decision", value };
      }),
    );
  }
  await edge.close();
}

async function proveTopic(): Promise<number> {
  const system = await startSystem({});
  try {
    await writeDecisions(system.brokers, links.length);
    const environment = { BREAKWATER_HOME: system.home };
    while (verify([], environment).links < links.length) await sleep(1000);
    const proved = verify([], environment);
    if (proved.status !== 0) throw new Error("a whole chain was not proved on the topic");
    const took = timed(() => void verify([], environment));
    say("the whole command, on the topic", took, proved.links);
    return took;
  } finally {
    await system.stop();
  }
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
  if (judged(lines, heads).fault !== null || verify([pack]).status !== 0)
    throw new Error("a whole chain was not proved");
  say(
    "the judge alone",
    timed(() => void judged(lines, heads)),
    links.length,
  );
  const command = timed(() => void verify([pack]));
  say("the whole command, on a pack", command, links.length);
  const at = Math.floor(lines.length / 2);
  write(lines.with(at, (lines[at] ?? "").replace('"acme"', '"acmE"')));
  if (verify([pack]).status !== 1) throw new Error("a changed record was not found");
  const onTopic = await proveTopic();
  if (Math.max(command, onTopic) > barMs) throw new Error(`it took more than ${barMs / 1000} s`);
} finally {
  rmSync(pack, { recursive: true, force: true });
}
