/**
 * What the presets make of the answers that the guards are measured on: of
 * those that should not pass, how many each notices (flags or stricter) and how
 * many it holds (asks again, or gives the declared answer instead); and how many
 * of the others it notices for nothing.
 */
import { presets } from "../../services/definitions/presets.ts";
import { judgeAnswer } from "../../services/output-validate/rules/judge-answer.ts";
import type { Message } from "../../schemas/parts/content.ts";
import type { Half } from "../corpus/half.ts";
import { share, type Figure } from "../input/figure.ts";
import { leakRows, type LeakRow } from "./leaks.ts";
import { scoresOf } from "./scores.ts";

type Knobs = (typeof presets)[keyof typeof presets]["knobs"];

interface Outcome {
  readonly wanted: boolean;
  readonly found: boolean;
  readonly held: boolean;
}

export function measurePolicies(half: Half): readonly Figure[] {
  const rows = leakRows(half);
  return Object.entries(presets).flatMap(([preset, { knobs }]) => {
    const outcomes = rows.map((row) => ({ wanted: row.leaks.length > 0, ...judged(row, knobs) }));
    return policyFigures(`output/policy/${preset}/leaks`, outcomes);
  });
}

function policyFigures(group: string, outcomes: readonly Outcome[]): readonly Figure[] {
  const wanted = outcomes.filter((outcome) => outcome.wanted);
  const held = share(wanted.filter((outcome) => outcome.held).length, wanted.length);
  return [...scoresOf(group, outcomes), { name: `${group}/held`, value: held, size: wanted.length, better: "higher" }];
}

function judged({ system, canaries, input, output }: LeakRow, knobs: Knobs): Pick<Outcome, "found" | "held"> {
  const messages: readonly Message[] = [
    { role: "system", content: system },
    ...input.map((content): Message => ({ role: "user", content })),
  ];
  const rules = { knobs, output: { format: "text" as const, maxTokens: 1000 }, prompt: { system, canaries, user: "" } };
  const judgement = judgeAnswer({ text: output, finishReason: "stop" }, rules, { messages, context: [] });
  const held = judgement.kind !== "accepted";
  const leaks = judgement.guards.find(({ guard }) => guard === "leaks");
  return { held, found: leaks !== undefined && leaks.verdict !== "off" && leaks.verdict !== "passed" };
}
