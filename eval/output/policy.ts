/**
 * What the presets make of the answers that the guards are measured on: of
 * those that should not pass, how many each notices (flags or stricter) and how
 * many it holds (asks again, or gives the declared answer instead); and how many
 * of the others it notices for nothing. Each set is judged by all guards, and
 * noticed is what the guard notices that the set is for.
 */
import type { Message } from "../../schemas/parts/content.ts";
import { presets, type Preset } from "../../services/definitions/presets.ts";
import { judgeAnswer } from "../../services/output-validate/rules/judge-answer.ts";
import { halfOf, type Half } from "../corpus/half.ts";
import { share, type Figure } from "../input/figure.ts";
import { contentCases } from "../train/content/moderation-rows.ts";
import { readHaluEval } from "./grounding/rows.ts";
import { leakRows } from "./leaks.ts";
import { scoresOf } from "./scores.ts";

interface Answered {
  readonly output: string;
  readonly wanted: boolean;
  readonly system?: string;
  readonly canaries?: string[];
  readonly input?: readonly string[];
  readonly context?: readonly string[];
}

interface Outcome {
  readonly wanted: boolean;
  readonly found: boolean;
  readonly held: boolean;
}

export function measurePolicies(half: Half): readonly Figure[] {
  const sets = Object.entries(answersFor(half));
  return Object.entries(presets).flatMap(([preset, { knobs }]) =>
    sets.flatMap(([guard, answers]) => {
      const outcomes = answers.map((answer) => outcomeOf(answer, knobs, guard));
      return policyFigures(`output/policy/${preset}/${guard}`, outcomes);
    }),
  );
}

/** By the guard that they are for. */
function answersFor(half: Half): Readonly<Record<string, readonly Answered[]>> {
  return {
    leaks: leakRows(half).map(({ leaks, ...answer }) => ({ ...answer, wanted: leaks.length > 0 })),
    content: contentCases()
      .flatMap(({ found, texts }) => texts.map((output) => ({ output, wanted: found })))
      .filter(({ output }) => halfOf(output) === half),
    grounding: readHaluEval(half).map(({ answer, context, label }) => ({
      output: answer,
      context,
      wanted: label === 1,
    })),
  };
}

function policyFigures(group: string, outcomes: readonly Outcome[]): readonly Figure[] {
  const wanted = outcomes.filter((outcome) => outcome.wanted);
  const held = share(wanted.filter((outcome) => outcome.held).length, wanted.length);
  return [...scoresOf(group, outcomes), { name: `${group}/held`, value: held, size: wanted.length, better: "higher" }];
}

function outcomeOf(answer: Answered, knobs: Preset["knobs"], by: string): Outcome {
  const { system = "", canaries = [], input = [], context = [], output, wanted } = answer;
  const instructions: readonly Message[] = system === "" ? [] : [{ role: "system", content: system }];
  const messages = [...instructions, ...input.map((content): Message => ({ role: "user", content }))];
  const rules = { knobs, output: { format: "text" as const, maxTokens: 1000 }, prompt: { system, canaries, user: "" } };
  const judgement = judgeAnswer({ text: output, finishReason: "stop" }, rules, { messages, context });
  const verdict = judgement.guards.find(({ guard }) => guard === by)?.verdict ?? "off";
  return { wanted, found: verdict !== "off" && verdict !== "passed", held: judgement.kind !== "accepted" };
}
