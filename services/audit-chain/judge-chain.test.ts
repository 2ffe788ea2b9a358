/**
 * The law of the chain: whatever is done to links or heads, the first record that
 * is not what was sealed is named. Random chains of two partitions, random damage.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { sealedChain, type SealedChain } from "../../test/support/sealed-chain.ts";
import type { Fault } from "./find-fault.ts";
import { judgeChain, type Verdict } from "./judge-chain.ts";
import { genesisHash, linkAfter, linkLine, recordText, type Link } from "./link.ts";
import { readLinkLine } from "./read-link.ts";
import { readHead } from "./signed-head.ts";
import { openTagKey } from "./tags.ts";

const lineOf = (link: Link): string => linkLine(link, link.record === undefined ? null : recordText(link.record));
const placeOf = (index: number): string => `line ${index + 1}`;

function judge(lines: readonly string[], heads: readonly unknown[], first?: ReadonlyMap<number, number>): Verdict {
  return judgeChain({
    links: lines.map((line, index) => readLinkLine(line, placeOf(index))),
    heads: heads.map((head, index) => readHead(head, `head ${index + 1}`, null)),
    first: first ?? new Map(),
  });
}

const fault = (chain: SealedChain, lines: readonly string[], heads: readonly unknown[] = chain.heads): Fault | null =>
  judge(lines, heads, chain.first).fault;

/** Chains, and a place in each. */
const damaged = fc
  .record({
    lengths: fc.tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 2, max: 8 })),
    signEvery: fc.integer({ min: 3, max: 6 }),
    texts: fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { minLength: 1, maxLength: 6 }),
  })
  .map((given) => sealedChain(given))
  .chain((chain) => fc.record({ chain: fc.constant(chain), at: fc.nat({ max: chain.links.length - 1 }) }));

const law = { numRuns: 100 };

describe("a whole chain", () => {
  test("is proved, with what heads cover and where it begins", () => {
    const chain = sealedChain({ lengths: [5, 3], signEvery: 2, texts: ["a"] });
    const verdict = judge(chain.links.map(lineOf), chain.heads);
    assert.deepEqual(verdict, {
      links: 8,
      ranges: [
        { partition: 0, first: 1, last: 5, signedTo: 5, anchored: true },
        { partition: 1, first: 1, last: 3, signedTo: 3, anchored: true },
      ],
      fault: null,
    });
  });

  test("whose beginning is gone is proved from where it begins, on a head or on nothing", () => {
    const chain = sealedChain({ lengths: [6, 0], signEvery: 2, texts: ["a"] });
    const lines = chain.links.map(lineOf);
    const onHead = judge(lines.slice(2), chain.heads, new Map([[0, 3]]));
    assert.deepEqual([onHead.fault, onHead.ranges[0]?.anchored], [null, true]);
    const onNothing = judge(lines.slice(3), chain.heads.slice(1), new Map([[0, 4]]));
    assert.deepEqual([onNothing.fault, onNothing.ranges[0]?.anchored], [null, false]);
  });

  test("is proved with records withheld, whichever", () => {
    fc.assert(
      fc.property(damaged, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), ({ chain }, withheld) => {
        const lines = chain.links.map(({ record, ...link }, index) =>
          lineOf(withheld[index] === true ? link : { ...link, record }),
        );
        assert.equal(fault(chain, lines), null);
      }),
      law,
    );
  });

  test("says how far heads reach", () => {
    const chain = sealedChain({ lengths: [5, 0], signEvery: 2, texts: ["a"] });
    const unsigned = judge(chain.links.map(lineOf), chain.heads.slice(0, 1));
    assert.deepEqual([unsigned.fault, unsigned.ranges[0]?.signedTo], [null, 2]);
    assert.equal(judge(chain.links.map(lineOf), []).ranges[0]?.signedTo, null);
  });
});

describe("the first record that is not what was sealed is named", () => {
  test("one bit flipped, anywhere in the links", () => {
    fc.assert(
      fc.property(damaged, fc.nat(), fc.nat({ max: 7 }), ({ chain, at }, position, bit) => {
        const lines = chain.links.map(lineOf);
        const bytes = Buffer.from(lines[at] ?? "");
        const byte = position % bytes.length;
        bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
        const found = fault(chain, lines.with(at, bytes.toString("utf8")));
        assert.deepEqual([found?.kind, found?.place], ["changed", placeOf(at)], found?.detail);
        assert.equal(found?.sequence, chain.links[at]?.sequence);
      }),
      { numRuns: 300 },
    );
  });

  test("one record removed", () => {
    fc.assert(
      fc.property(damaged, ({ chain, at }) => {
        const gone = chain.links[at];
        const found = fault(chain, chain.links.filter((_, index) => index !== at).map(lineOf));
        const wasLast = chain.links[at + 1]?.partition !== gone?.partition;
        assert.deepEqual(
          [found?.kind, found?.partition, found?.sequence],
          [wasLast ? "cut" : "removed", gone?.partition, gone?.sequence],
        );
      }),
      law,
    );
  });

  test("two swapped, near or far, of one partition or of two", () => {
    fc.assert(
      fc.property(damaged, fc.nat(), ({ chain, at }, step) => {
        const other = (at + 1 + (step % (chain.links.length - 1))) % chain.links.length;
        const [low, high] = at < other ? [at, other] : [other, at];
        const lines = chain.links.map(lineOf);
        const swapped = lines.with(low, lines[high] ?? "").with(high, lines[low] ?? "");
        const found = fault(chain, swapped);
        assert.ok(found !== null);
        if (chain.links[low]?.partition !== chain.links[high]?.partition) return;
        assert.deepEqual(
          [found.kind, found.place, found.sequence],
          ["swapped", placeOf(low), chain.links[low]?.sequence],
        );
      }),
      law,
    );
  });

  test("one inserted: a copy of another, anywhere", () => {
    fc.assert(
      fc.property(damaged, fc.nat(), ({ chain, at }, which) => {
        const copied = chain.links[which % chain.links.length];
        assert.ok(copied);
        const found = fault(chain, chain.links.toSpliced(at, 0, copied).map(lineOf));
        assert.deepEqual([found?.kind, found?.partition], ["inserted", copied.partition]);
      }),
      law,
    );
  });

  test("one inserted: a record made up, hashed to fit the one before it", () => {
    fc.assert(
      fc.property(damaged, ({ chain, at }) => {
        const next = chain.links[at];
        assert.ok(next);
        const before = { sequence: next.sequence - 1, hash: next.previous_hash };
        const forged = linkAfter(before, {
          partition: next.partition,
          sourceOffset: 0n,
          record: { forged: true },
          tagKey: openTagKey,
        });
        const found = fault(chain, chain.links.toSpliced(at, 0, forged).map(lineOf));
        assert.deepEqual([found?.kind, found?.place], ["inserted", placeOf(at)]);
      }),
      law,
    );
  });

  test("one changed and hashed anew: by the link behind it, or by the head", () => {
    fc.assert(
      fc.property(damaged, ({ chain, at }) => {
        const old = chain.links[at];
        assert.ok(old);
        const before = { sequence: old.sequence - 1, hash: old.previous_hash };
        const forged = linkAfter(before, {
          partition: old.partition,
          sourceOffset: 0n,
          record: { forged: true },
          tagKey: openTagKey,
        });
        const found = fault(chain, chain.links.with(at, forged).map(lineOf));
        assert.ok(found !== null);
        assert.ok(found.kind === "changed" || found.kind === "rewritten");
        assert.ok((found.sequence ?? 0) <= old.sequence && found.partition === old.partition);
        if (found.kind === "changed") assert.equal(found.place, placeOf(at));
      }),
      law,
    );
  });

  test("everything from one record on hashed anew: by the next signed head, with what is in doubt since the one before", () => {
    fc.assert(
      fc.property(damaged, ({ chain, at }) => {
        const target = chain.links[at];
        assert.ok(target);
        let before: Pick<Link, "sequence" | "hash"> = { sequence: target.sequence - 1, hash: target.previous_hash };
        const forged = chain.links.map((link, index) => {
          if (index < at || link.partition !== target.partition) return link;
          const record = index === at ? { forged: true } : link.record;
          const anew = linkAfter(before, {
            partition: link.partition,
            sourceOffset: BigInt(link.source_offset),
            record,
            tagKey: openTagKey,
          });
          before = anew;
          return anew;
        });
        const found = fault(chain, forged.map(lineOf));
        const signed = chain.heads.filter(
          ({ partition, sequence }) => partition === target.partition && sequence < target.sequence,
        );
        assert.deepEqual(
          [found?.kind, found?.partition, found?.sequence],
          ["rewritten", target.partition, (signed.at(-1)?.sequence ?? 0) + 1],
        );
      }),
      law,
    );
  });

  test("the tail cut off, a whole partition too", () => {
    fc.assert(
      fc.property(damaged, ({ chain, at }) => {
        const first = chain.links[at];
        assert.ok(first);
        const kept = chain.links.filter(
          ({ partition, sequence }) => partition !== first.partition || sequence < first.sequence,
        );
        const found = fault(chain, kept.map(lineOf));
        assert.deepEqual([found?.kind, found?.partition, found?.sequence], ["cut", first.partition, first.sequence]);
      }),
      law,
    );
  });

  test("a head that was changed, or is of a key that nobody trusts", () => {
    const chain = sealedChain({ lengths: [4, 0], signEvery: 2, texts: ["a"] });
    const lines = chain.links.map(lineOf);
    const [head, ...others] = chain.heads;
    assert.ok(head);
    const changes = [
      { signed_at_ms: head.signed_at_ms + 1 },
      { hash: genesisHash },
      { sequence: 3 },
      { partition: 1 },
      { signature: `${head.signature}=` },
      { signature: "" },
      { public_key: "AAAA" },
    ];
    for (const change of changes) {
      const found = fault(chain, lines, [{ ...head, ...change }, ...others]);
      assert.deepEqual([found?.kind, found?.place], ["bad_head", "head 1"], JSON.stringify(change));
    }
    assert.equal(fault(chain, lines, [null])?.kind, "bad_head");
    assert.match(readHead(head, "head 1", new Set(["other"])).defect ?? "", /not trusted/);
    assert.equal(readHead(head, "head 1", new Set([head.public_key])).defect, null);
  });

  test("what is no link at all", () => {
    const chain = sealedChain({ lengths: [3, 0], signEvery: 9, texts: ["a"] });
    const lines = chain.links.map(lineOf);
    for (const text of ["", "null", "[]", "{}", '"text"', lines[1]?.slice(1) ?? "", ` ${lines[1]}`]) {
      const found = fault(chain, lines.with(1, text));
      assert.deepEqual([found?.kind, found?.place, found?.sequence], ["changed", "line 2", 2], text);
    }
  });
});
