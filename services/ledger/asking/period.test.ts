/** What a period is, as it is written and as the roll-ups see it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exactPeriod, hourMs, isWholeHours, moment, wholePeriod } from "./period.ts";

const now = Date.UTC(2026, 10, 23, 9, 41, 7);
const at = (text: string) => Date.parse(text);

for (const { name, since, until, expected } of [
  {
    name: "nothing said: the fallback, up to the end of this hour",
    expected: ["2026-10-24T09:00Z", "2026-11-23T10:00Z"],
  },
  {
    name: "a duration: back from now, to the full hour",
    since: "12h",
    expected: ["2026-11-22T21:00Z", "2026-11-23T10:00Z"],
  },
  { name: "weeks", since: "2w", until: "1w", expected: ["2026-11-09T09:00Z", "2026-11-16T09:00Z"] },
  {
    name: "days: their starts in UTC",
    since: "2026-11-01",
    until: "2026-11-02",
    expected: ["2026-11-01", "2026-11-02"],
  },
  {
    name: "times in any zone, widened to whole hours",
    since: "2026-11-01T10:59:59+01:00",
    until: "2026-11-01T12:00:01Z",
    expected: ["2026-11-01T09:00Z", "2026-11-01T13:00Z"],
  },
]) {
  test(name, () => {
    const asked = {
      since: since === undefined ? undefined : moment.parse(since),
      until: until === undefined ? undefined : moment.parse(until),
    };
    const { sinceMs, untilMs } = wholePeriod(asked, now, { kind: "ago", ms: 30 * 24 * hourMs });
    assert.deepEqual([sinceMs, untilMs], expected.map(at));
  });
}

for (const text of [
  "",
  "30",
  "d",
  "0d",
  "-1d",
  "1y",
  "1.5h",
  "2026-13-01",
  "2026-11-01T12:00",
  "yesterday",
  "1234567d",
]) {
  test(`${JSON.stringify(text)} is no time, and is told what would be`, () => {
    const parsed = moment.safeParse(text);
    assert.match(parsed.error?.issues[0]?.message ?? "", /^a duration back from now \(30d, 12h\), a day/);
  });
}

test("times that were said to the minute stay so, where nobody needs whole hours", () => {
  const period = exactPeriod({ since: moment.parse("2026-11-01T10:20:00Z") }, now);
  assert.deepEqual(period, { sinceMs: at("2026-11-01T10:20:00Z"), untilMs: undefined });
  assert.equal(isWholeHours(period), false);
  assert.equal(isWholeHours(exactPeriod({ since: moment.parse("3d") }, now)), true);
  assert.equal(isWholeHours({}), true);
});

test("a whole period always holds the exact one, and less than two hours more", () => {
  const ms = fc.integer({ min: 0, max: 2 ** 41 });
  fc.assert(
    fc.property(ms, ms, (since, until) => {
      const asked = { since: { kind: "at", ms: since }, until: { kind: "at", ms: until } } as const;
      const whole = wholePeriod(asked, now, { kind: "ago", ms: 0 });
      assert.ok(isWholeHours(whole));
      assert.ok(whole.sinceMs <= since && since - whole.sinceMs < hourMs);
      assert.ok(whole.untilMs >= until && whole.untilMs - until < hourMs);
    }),
  );
});
