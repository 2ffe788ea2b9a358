import assert from "node:assert/strict";
import { test } from "node:test";
import { startingPoint } from "./committed-offsets.ts";
import { bitmapOf, offsetsIn } from "./done-map.ts";
import { encodeProgress } from "./progress-codec.ts";

const mark = { nonce: "0123456789ab", committedAtMs: 99 };
const done = new Set([12, 14]);
const metadata = encodeProgress(mark, { low: 10, bitmap: bitmapOf(10, 14, (offset) => done.has(offset)) });

const cases: readonly {
  readonly name: string;
  readonly commit: { readonly offset: number; readonly metadata: string | null };
  readonly log: { readonly low: number; readonly high: number };
  readonly wanted: { readonly low: number; readonly done: readonly number[]; readonly nonce: string | null };
  readonly report?: RegExp;
}[] = [
  {
    name: "no commit: from the start of the log",
    commit: { offset: -1, metadata: null },
    log: { low: 3, high: 20 },
    wanted: { low: 3, done: [], nonce: null },
  },
  {
    name: "a commit of ours: from there, without what is done",
    commit: { offset: 10, metadata },
    log: { low: 0, high: 20 },
    wanted: { low: 10, done: [12, 14], nonce: mark.nonce },
  },
  {
    name: "a commit by another program: from there, with nothing done",
    commit: { offset: 10, metadata: "checkpoint 7" },
    log: { low: 0, high: 20 },
    wanted: { low: 10, done: [], nonce: null },
  },
  {
    name: "everything is committed: at the end of the log",
    commit: { offset: 20, metadata: null },
    log: { low: 0, high: 20 },
    wanted: { low: 20, done: [], nonce: null },
  },
  {
    name: "a map that claims more than the log holds is cut",
    commit: { offset: 10, metadata },
    log: { low: 0, high: 13 },
    wanted: { low: 10, done: [12], nonce: mark.nonce },
  },
  {
    name: "retention took uncommitted records: from what is left, loudly",
    commit: { offset: 10, metadata },
    log: { low: 50, high: 60 },
    wanted: { low: 50, done: [], nonce: mark.nonce },
    report: /deleted by retention/,
  },
  {
    name: "the topic was made anew: from its start, loudly",
    commit: { offset: 10, metadata },
    log: { low: 0, high: 2 },
    wanted: { low: 0, done: [], nonce: null },
    report: /made anew/,
  },
];

for (const { name, commit, log, wanted, report } of cases) {
  test(name, () => {
    const reports: string[] = [];
    const start = startingPoint(commit, log, (reason) => void reports.push(reason));
    assert.deepEqual({ low: start.done.low, done: offsetsIn(start.done), nonce: start.nonce }, wanted);
    if (report === undefined) assert.deepEqual(reports, []);
    else assert.match(reports.join(), report);
  });
}
