/** What a definition may say about how long its content can be read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contentUntilMs, leastContentMs, maxContentMs } from "../../../schemas/policies/retention-policy.ts";
import { readHarness } from "../define-harness.ts";

const hour = 3_600_000;
const day = 24 * hour;
const author = {
  name: "short-lived",
  input: { schema: { type: "object", properties: { text: { type: "string" } } } },
  prompt: { user: "{{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
  deadlineMs: 60_000,
};

function told(changes: object): readonly string[] {
  const read = readHarness({ ...author, ...changes });
  return read.kind === "loaded" ? [] : read.reasons.map(({ path, rule }) => `${path} ${rule}`);
}

const review = (timeoutMs: number) => ({ review: { when: "always", timeoutMs } });
const degrade = (maxAgeMs: number) => ({ degrade: { lastGoodAnswer: { maxAgeMs } } });

const cases: readonly [what: string, changes: object, told: readonly string[]][] = [
  ["a day", { retention: { contentMs: day } }, []],
  ["a week, as long as the topics", { retention: { contentMs: maxContentMs } }, []],
  ["a review that is over in time", { retention: { contentMs: day }, ...review(22 * hour) }, []],
  [
    "a review that is due when nobody can read the answer any more",
    { retention: { contentMs: day }, ...review(day - hour) },
    ["/review/timeoutMs within_retention"],
  ],
  [
    "a run that may take longer than its content stays",
    { retention: { contentMs: 61_000 }, ...review(1000) },
    ["/deadlineMs within_retention"],
  ],
  [
    "an older answer than any that is left",
    { retention: { contentMs: hour }, ...degrade(hour + 1) },
    ["/degrade/lastGoodAnswer/maxAgeMs within_retention"],
  ],
  ["an answer as old as content gets", { retention: { contentMs: hour }, ...degrade(hour) }, []],
];
for (const [what, changes, reasons] of cases) test(what, () => assert.deepEqual(told(changes), reasons));

test("longer than the topics keep it is refused by name, with the limit", () => {
  const read = readHarness({ ...author, retention: { contentMs: maxContentMs + 1 } });
  assert.ok(read.kind !== "loaded");
  assert.deepEqual(
    read.reasons.map(({ path, message }) => [path, message]),
    [["/retention/contentMs", "at most 604800000: harness-results and others keep content for 7 days"]],
  );
});

test("law: content ends after its time at the latest, and is there for the least that is promised", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: maxContentMs }),
      fc.integer({ min: 0, max: 2 ** 41 }),
      (contentMs, atMs) => {
        const kept = contentUntilMs({ contentMs }, atMs) - atMs;
        assert.ok(kept <= contentMs && kept > leastContentMs({ contentMs }) - 1);
      },
    ),
  );
});
