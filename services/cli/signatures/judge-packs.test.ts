/** Recheck's verdict: what it condemns refuses the pack with its line; what is in force is not judged again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadSignaturePack } from "../../../schemas/control/signature-pack.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { openScreen } from "../screen.ts";
import { describeJudged, judgePacks } from "./judge-packs.ts";
import type { PackFile } from "./pack-files.ts";

const screen = openScreen(false, { stdout: { write: () => true }, stderr: { write: () => true } });

/** Not through the compiler: it refuses what recheck is asked about here. */
function packFile(...patterns: readonly string[]): PackFile {
  const pack: ReadSignaturePack = {
    pack: "p",
    version: "1",
    description: "",
    mode: "live",
    signatures: patterns.map((pattern, at) => ({
      id: `s${at}`,
      category: "role_play" as const,
      severity: "low" as const,
      action: "flag" as const,
      languages: ["en"],
      pattern,
      examples: { match: ["x"], noMatch: ["y"] },
    })),
  };
  const compiled = { pack: "p", version: "1", liveShare: 1, signatures: [] };
  return { file: "p.yaml", pack, compiled, lineOf: (pointer) => Number(pointer.split("/")[2]) + 10 };
}

const patient = { limitMs: 60_000, inForce: new Set<string>(), screen };

test("patterns that an automaton decides are safe", async () => {
  const judged = await judgePacks([packFile("ignore all rules", "(?:reveal|show) your prompt")], patient);
  assert.deepEqual(judged, { safe: 2, undecided: 0, skipped: 0 });
});

test("a pattern for which it finds a costly text refuses the pack, with file, line and signature", async () => {
  const costly = "(?:a{1,60}){1,60}b";
  await assert.rejects(judgePacks([packFile("fine", costly)], patient), (error: Error) => {
    assert.match(error.message, /^p\.yaml:11: \/signatures\/1\/pattern: s1: recheck found .*\(pattern_recheck\)$/);
    return exitCodeOf(error) === 2;
  });
});

test("a pattern in force, and every pattern without a limit of time, is passed over", async () => {
  const files = [packFile("ignore all rules", "some words")];
  assert.deepEqual(await judgePacks(files, { ...patient, inForce: new Set(["some words"]) }), {
    safe: 1,
    undecided: 0,
    skipped: 1,
  });
  assert.deepEqual(await judgePacks(files, { ...patient, limitMs: 0 }), { safe: 0, undecided: 0, skipped: 2 });
});

test("it is said in one line", () => {
  assert.equal(
    describeJudged({ safe: 3, undecided: 2, skipped: 1 }, 500),
    "recheck: 3 safe, 2 without a verdict after 500 ms, bounded by our own rules, 1 in force already",
  );
  assert.equal(describeJudged({ safe: 0, undecided: 0, skipped: 4 }, 0), "recheck: left out");
});
