/**
 * What the guards cost on one core: processor time a text, for honest texts of
 * 1,000 and 10,000 characters cut from the speeches, each guard alone and all
 * input guards of the standard policy together. Processor time and not the
 * clock's, so that what else the machine does counts for little. Not part of
 * the baseline: it depends on the machine.
 */
import { presets } from "../../services/definitions/presets.ts";
import type { InjectionScanner } from "../../services/guards/injection/scanner.ts";
import { modelVersion, scoreInjection } from "../../services/guards/model/score.ts";
import { findPersonalData, privacyRules } from "../../services/guards/privacy/find-personal-data.ts";
import { findPlanted } from "../../services/guards/planted/find-planted.ts";
import { fold, type FoldedText } from "../../services/guards/text/fold.ts";
import { readings } from "../../services/guards/text/readings.ts";
import { scanTexts } from "../../services/input-scan/rules/texts/scan-texts.ts";
import { passages } from "../corpus/documents.ts";

export interface GuardTime {
  readonly guard: string;
  /** Medians of batches, microseconds a text. */
  readonly kilobyteUs: number;
  readonly tenKilobytesUs: number;
}

export function measureTime(scanner: InjectionScanner): readonly GuardTime[] {
  const { knobs } = presets.standard;
  const rules = privacyRules(knobs.pii);
  const tools = {
    scanner,
    model: { version: modelVersion, score: scoreInjection },
    draw: 0,
    tokeniser: null,
    clientId: "eval",
  };
  const guards: readonly (readonly [string, (text: FoldedText) => unknown])[] = [
    ["fold and other readings", ({ original }) => readings(fold(original))],
    ["signatures", (text) => scanner.scan(text)],
    ["model", (text) => scoreInjection(text)],
    ["planted (documents)", (text) => findPlanted(text)],
    ["personal data", (text) => findPersonalData(text, rules)],
    [
      "standard policy, all",
      ({ original }) => scanTexts([{ path: "/text", channel: "user", folded: fold(original) }], knobs, tools),
    ],
  ];
  return guards.map(([guard, run]) => timeOf(guard, fold, run));
}

/** Of one guard: `prepare` makes what it reads out of a passage, which is not timed. */
export function timeOf<T>(guard: string, prepare: (text: string) => T, run: (prepared: T) => unknown): GuardTime {
  const short = texts(1_000, 40).map(prepare);
  const long = texts(10_000, 8).map(prepare);
  return { guard, kilobyteUs: median(short, run, 50), tenKilobytesUs: median(long, run, 25) };
}

function texts(length: number, count: number): readonly string[] {
  const all = passages().join("\n");
  return Array.from({ length: count }, (_, index) => all.slice(index * length, (index + 1) * length));
}

/** The median of five batches, each going over every text so many times, after one batch to warm up. */
function median<T>(of: readonly T[], run: (prepared: T) => unknown, times: number): number {
  const taken = Array.from({ length: 6 }, () => {
    const before = process.threadCpuUsage();
    for (let round = 0; round < times; round++) for (const text of of) run(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / times / of.length;
  });
  const middle = taken.slice(1).toSorted((left, right) => left - right)[2] ?? 0;
  return Math.round(middle * 10) / 10;
}
