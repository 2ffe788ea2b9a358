/** Packs are proved by Node alone, as they are judged here, hold nothing of others, and show what was left out. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { ChainTopic, sealedFromMs } from "../../../test/support/chain-topic.ts";
import { uuid } from "../../../test/support/ledger-records.ts";
import { sealedChain } from "../../../test/support/sealed-chain.ts";
import type { Selection } from "../../audit-chain/judge-selection.ts";
import { genesisHash, linkAfter, linkLine, recordText, type Link } from "../../audit-chain/link.ts";
import { packText } from "../../audit-chain/proof-text.ts";
import { judgePack } from "../../audit-chain/read-pack.ts";
import { openTagKey, runTag } from "../../audit-chain/tags.ts";
import { partitionOf } from "../../runtime/kafka/murmur2.ts";
import { exportPack } from "./export.ts";
import { escaped } from "./report.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-packs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const chain = sealedChain({ lengths: [9, 6], signEvery: 3, texts: ["<script>alert(1)</script>", "b"] });
const claim = { fromMs: null, toMs: null, madeAtMs: sealedFromMs, madeBy: "ines" } as const;
let made = 0;

async function packOf(selection: Selection, times: { fromMs?: number; toMs?: number } = {}): Promise<string> {
  made += 1;
  const place = path.join(folder, `pack-${made}`);
  await exportPack(new ChainTopic(chain).reader, place, { ...claim, ...times, selection });
  return place;
}

const linesOf = (pack: string): readonly string[] =>
  readFileSync(path.join(pack, "links.jsonl"), "utf8").trimEnd().split("\n");
const rewrite = (pack: string, lines: readonly string[]): void =>
  writeFileSync(path.join(pack, "links.jsonl"), lines.map((line) => `${line}\n`).join(""));

/** Takes away what Node 20 does not have: an auditor's may be that old. */
const asNode20 = `data:text/javascript,
  delete Map.groupBy; delete Object.groupBy; delete Array.fromAsync; delete Promise.withResolvers; delete Promise.try; delete RegExp.escape;
  for (const name of ["union", "intersection", "difference", "isSubsetOf", "isSupersetOf"]) delete Set.prototype[name];
  for (const name of ["map", "filter", "take", "drop", "flatMap", "some", "every", "find", "reduce", "toArray"]) delete Iterator.prototype[name];`;

/** What the pack's own verifier says: it must be what is said here. */
function verdictOf(pack: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [
    "--import",
    asNode20,
    path.join(pack, "verify.mjs"),
    "--json",
  ]);
  const own = judgePack(pack, null);
  assert.equal(String(stderr), "");
  assert.deepEqual(JSON.parse(String(stdout)), JSON.parse(JSON.stringify(own)));
  assert.equal(status, own.fault === null && own.links > 0 ? 0 : 1);
  return own;
}

test("a pack of everything is proved, record by record", async () => {
  const { fault, selection, ranges } = verdictOf(await packOf({}));
  assert.deepEqual([fault, selection?.selected, selection?.others], [null, 15, 0]);
  assert.deepEqual(
    ranges.map(({ last, signedTo }) => [last, signedTo]),
    [
      [9, 9],
      [6, 6],
    ],
  );
});

test("a pack of one client holds its records, and of others nothing but hashes", async () => {
  const pack = await packOf({ client_id: "acme" });
  const { fault, selection, links } = verdictOf(pack);
  assert.deepEqual([fault, links, selection?.selected, selection?.others, selection?.undecided], [null, 15, 5, 10, 0]);
  for (const file of ["links.jsonl", "heads.jsonl", "manifest.json", "report.html"])
    assert.ok(!readFileSync(path.join(pack, file), "utf8").includes("globex"), file);
});

test("a pack of one run holds the partition that its records stand in", async () => {
  const place = [0, 1, 10, 11].find((run) => partitionOf(Buffer.from(uuid(run)), 2) === Math.floor(run / 10));
  assert.ok(place !== undefined);
  const { fault, ranges, selection } = verdictOf(await packOf({ run_id: uuid(place) }));
  const own = chain.links.filter(({ run_tag: tag }) => tag === runTag(uuid(place)));
  assert.deepEqual([fault, ranges.length, selection?.selected], [null, 1, own.length]);
  assert.ok(own.length > 1 && (selection?.others ?? 0) > 0);
});

test("a range of time is given whole, between the heads around it", async () => {
  const pack = await packOf({}, { fromMs: sealedFromMs + 5000, toMs: sealedFromMs + 6000 });
  const { fault, ranges } = verdictOf(pack);
  assert.deepEqual([fault, ranges[0]], [null, { partition: 0, first: 4, last: 6, signedTo: 6, anchored: true }]);
});

const client = { client_id: "acme" };
const flipped = (line: string): string => line.replace(/"n":(\d)/, '"n":9$1');
const bare = (line: string): string => line.replace(/"record":.*,"record_sha256"/, '"record_sha256"');
const at = 2;

/** Line 3 of the pack is the third record of partition 0, acme's. */
const damages: readonly (readonly [
  what: string,
  selection: Selection,
  damage: (lines: string[]) => readonly string[],
  kind: string,
  sequence: number,
])[] = [
  ["one bit of a record", {}, (lines) => lines.with(at, flipped(lines[at] ?? "")), "changed", 3],
  ["one removed", client, (lines) => lines.toSpliced(at, 1), "removed", 3],
  ["two swapped", {}, (lines) => lines.with(1, lines[at] ?? "").with(at, lines[1] ?? ""), "swapped", 2],
  ["the tail cut", client, (lines) => lines.slice(0, -2), "cut", 5],
  ["one twice", {}, (lines) => lines.toSpliced(at, 0, lines[0] ?? ""), "inserted", 3],
  ["one made up", {}, (lines) => lines.toSpliced(at, 0, madeUp()), "inserted", 3],
  ["the first of all left out", {}, (lines) => lines.slice(1), "removed", 1],
  ["a record of the selection withheld", client, (lines) => lines.with(at, bare(lines[at] ?? "")), "withheld", 3],
  ["a record withheld where all were promised", {}, (lines) => lines.with(at, bare(lines[at] ?? "")), "withheld", 3],
  ["another tag put on", {}, (lines) => lines.with(at, retagged(lines[at] ?? "")), "changed", 3],
];

function madeUp(): string {
  const before = chain.links[1];
  assert.ok(before);
  const link: Link = linkAfter(before, {
    partition: 0,
    sourceOffset: 5n,
    record: { event_id: "x" },
    tagKey: openTagKey,
  });
  return linkLine(link, recordText(link.record));
}

const retagged = (line: string): string =>
  line.replace(/"run_tag":"[0-9a-f]{2}/, '"run_tag":"00').replace(/"run_tag":null/, `"run_tag":"${"0".repeat(32)}"`);

for (const [what, selection, damage, kind, sequence] of damages) {
  test(`${what}: found, with its place, by the pack's verifier too`, async () => {
    const pack = await packOf(selection);
    rewrite(pack, damage([...linesOf(pack)]));
    const { fault } = verdictOf(pack);
    assert.deepEqual([fault?.kind, fault?.sequence], [kind, sequence], fault?.detail);
    assert.match(packText(judgePack(pack, null))[0] ?? "", new RegExp(`^${kind.toUpperCase()}: record ${sequence} of`));
  });
}

test("where all records of a client are withheld, the pack does not say that there are none", async () => {
  const pack = await packOf(client);
  rewrite(pack, linesOf(pack).map(bare));
  const verdict = verdictOf(pack);
  assert.deepEqual([verdict.selection?.selected, verdict.selection?.undecided], [0, 10]);
  assert.match(packText(verdict).join("\n"), /whether 10 others in these links are cannot be told/);
});

test("a head that was forged, and a key that is not trusted, are said", async () => {
  const pack = await packOf({});
  const heads = readFileSync(path.join(pack, "heads.jsonl"), "utf8");
  writeFileSync(path.join(pack, "heads.jsonl"), heads.replace('"signed_at_ms":', '"signed_at_ms":1'));
  assert.equal(verdictOf(pack).fault?.kind, "bad_head");
  const other = spawnSync(process.execPath, [path.join(await packOf({}), "verify.mjs"), "--key", "a".repeat(43)]);
  assert.match(String(other.stdout), /^BAD HEAD: .* signed by a key that is not trusted/);
  assert.equal(other.status, 1);
});

test("a chain that was written anew with the heads left out is not signed, and that is said", async () => {
  const pack = await packOf({});
  let last: Pick<Link, "sequence" | "hash"> = { sequence: 0, hash: genesisHash };
  const anew = Array.from({ length: 4 }, (_, index) => {
    const record = { event_id: `new-${index}` };
    const link = linkAfter(last, { partition: 0, sourceOffset: BigInt(index), record, tagKey: openTagKey });
    last = link;
    return linkLine(link, recordText(record));
  });
  rewrite(pack, anew);
  writeFileSync(path.join(pack, "heads.jsonl"), "");
  const text = packText(verdictOf(pack)).join("\n");
  assert.match(text, /Signed by nobody/);
});

test("the report is escaped, without a script, and says what is proved and what is not", async () => {
  const report = readFileSync(path.join(await packOf({}), "report.html"), "utf8");
  assert.ok(!/<script|javascript:|onerror/i.test(report));
  assert.match(report, /It does not prove/);
  assert.equal(escaped(`<a href="x">&'`), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
});
