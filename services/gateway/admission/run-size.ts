/**
 * How large a run is before anything is rendered: its bytes on the topic, and
 * an estimate of what its input will cost as a prompt. The harness's own words
 * are not counted: they are not the caller's.
 */
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import { optionTokens } from "../../guards/prompt/option-tokens.ts";
import { tokensBy, weighText } from "../../guards/tokens/estimate.ts";
import type { NewRun } from "../runs/run-desk.ts";

export interface RunSize {
  readonly bytes: number;
  readonly promptTokens: number;
}

/** `provider`: of the harness's first model. Linear in the run's length. */
export function sizeOf(run: NewRun, provider: ProviderName): RunSize {
  return {
    bytes: Buffer.byteLength(JSON.stringify(run)),
    promptTokens: tokensBy(weightOf(run.input), provider) + optionTokens(run.options, provider),
  };
}

/** Of every text in it, however deep; without recursion, as the caller decides how deep it is. */
function weightOf(input: unknown): number {
  const left: unknown[] = [input];
  let weight = 0;
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string") weight += weighText(value);
    else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) left.push(part);
  }
  return weight;
}
