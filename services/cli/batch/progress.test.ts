import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResultStatus } from "../../../schemas/parts/codes.ts";
import { openScreen } from "../screen.ts";
import type { ResultLine } from "./batch-files.ts";
import { openProgress, renderProgress } from "./progress.ts";
import { emptyTally, tallyOf } from "./tally.ts";

function line(status: ResultStatus | "not_published", costUsd: string | null): ResultLine {
  return {
    run_id: null,
    document: "d",
    sha256: null,
    status,
    output: null,
    reasons: [],
    attempts: 1,
    calls: 1,
    input_tokens: 1000,
    output_tokens: 10,
    cost_usd: costUsd,
    provider: null,
    model: null,
    finished_at: null,
  };
}

test("costs are added up exactly, where floats would not", () => {
  const tally = tallyOf([line("ok", "0.1"), line("ok", "0.2"), line("refused", "0"), line("ok", "0.000000000001")]);
  assert.equal(tally.costUsd, "0.300000000001");
});

test("each end counts once: done, refused, failed, not published; an unknown cost is told", () => {
  const statuses = ["ok", "released", "refused", "invalid", "degraded", "expired", "failed_validation"] as const;
  const tally = tallyOf([
    ...statuses.map((status) => line(status, "1")),
    line("over_budget", null),
    line("not_published", "0"),
  ]);
  assert.deepEqual(
    [tally.ok, tally.refused, tally.failed, tally.notPublished, tally.unpriced, tally.costUsd],
    [2, 2, 4, 1, 1, "7"],
  );
});

test("the line holds the bar, how far it is, and what it cost so far", () => {
  const tally = { ...emptyTally, ok: 28, refused: 1, inputTokens: 123_456, outputTokens: 7_890, costUsd: "0.0123" };
  assert.equal(
    renderProgress({ total: 58, inReview: 0, tally }, 200),
    "[############------------] 29/58  28 done, 1 refused, 0 failed, 123,456 + 7,890 tokens, $0.0123",
  );
  assert.equal(
    renderProgress({ total: 58, inReview: 0, tally }, 80),
    "[####----] 29/58  28 done, 1 refused, 0 failed, 123,456 + 7,890 tokens, $0.0123",
  );
  assert.ok(renderProgress({ total: 58, inReview: 0, tally }, 40).length < 40);
  assert.match(renderProgress({ total: 0, inReview: 0, tally: emptyTally }, 200), /^\[#{24}\] 0\/0/);
});

test("what waits for a person is told as long as something does", () => {
  const tally = { ...emptyTally, ok: 28 };
  const text = renderProgress({ total: 58, inReview: 1200, tally }, 200);
  assert.match(text, /\] 28\/58 {2}1,200 in review, 28 done, 0 refused,/);
});

function capture(isTTY: boolean): { readonly text: () => string; readonly screen: ReturnType<typeof openScreen> } {
  let text = "";
  const stderr = { write: (part: string | Uint8Array) => ((text += String(part)), true), isTTY, columns: 120 };
  return { text: () => text, screen: openScreen(false, { stdout: { write: () => true }, stderr }) };
}

const at = (ok: number) => ({ total: 100, inReview: 0, tally: { ...emptyTally, ok } });

test("away from a terminal there is a plain line for each tenth of the way, and no control character", () => {
  const { text, screen } = capture(false);
  const view = openProgress(screen);
  for (let ok = 0; ok <= 100; ok += 1) view.update(at(ok));
  view.close();
  assert.equal(text().split("\n").length - 1, 11);
  assert.ok(!text().includes("\r") && !text().includes("\u001B"));
});

test("on a terminal one line is redrawn, ten times a second at most, and the last state stays", () => {
  const { text, screen } = capture(true);
  let nowMs = 1000;
  const view = openProgress(screen, () => nowMs);
  for (let ok = 0; ok <= 100; ok += 1) {
    nowMs += 10;
    view.update(at(ok));
  }
  view.close();
  view.close();
  const drawn = text().split("\r\u001B[2K");
  assert.ok(drawn.length >= 10 && drawn.length <= 13, String(drawn.length));
  assert.match(drawn.at(-1) ?? "", /100\/100 .*\n$/);
});

test("a note takes the redrawn line's place and does not stand in it", () => {
  const { text, screen } = capture(true);
  screen.redraw("half way");
  screen.note("input-scan is back");
  screen.settle();
  assert.equal(text(), "half way\r\u001B[2Kinput-scan is back\n");
});
