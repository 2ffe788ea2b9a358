/**
 * The harness that a request's `model` names. Before a name counts as unknown,
 * what was published is read to its end, so that a harness can be called as
 * soon as it was applied.
 */
import type { HarnessDefinition } from "../../../../schemas/control/harness-definition.ts";
import type { Definitions } from "../../../runtime/definitions.ts";
import type { Refusal } from "../../admission/admission.ts";
import { refusals } from "../../admission/refusals.ts";
import type { Client } from "../../clients/client.ts";
import { harnessNamed, type HarnessName } from "./conversation.ts";

export type Harnesses = Pick<Definitions, "current" | "get" | "catchUp" | "names">;

export type HarnessFound =
  | { readonly kind: "found"; readonly harness: HarnessName; readonly definition: HarnessDefinition }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Errors: TransientError broker_unavailable. */
export async function findHarness(harnesses: Harnesses, model: string, { scopes }: Client): Promise<HarnessFound> {
  const harness = harnessNamed(model);
  if (harness === null) return unknown;
  if (scopes.harnesses !== null && !scopes.harnesses.includes(harness.name)) return closed;
  const known = definitionOf(harnesses, harness);
  if (known !== undefined) return { kind: "found", harness, definition: known };
  await harnesses.catchUp();
  const definition = definitionOf(harnesses, harness);
  return definition === undefined ? unknown : { kind: "found", harness, definition };
}

function definitionOf(harnesses: Harnesses, { name, version }: HarnessName): HarnessDefinition | undefined {
  return version === undefined ? harnesses.current(name)?.definition : harnesses.get(name, version);
}

const unknown: HarnessFound = {
  kind: "refused",
  refusal: {
    status: 404,
    code: "model_not_found",
    param: "model",
    message: "model names no harness: GET /v1/models lists those that this key opens",
  },
};

const closed: HarnessFound = {
  kind: "refused",
  refusal: { ...refusals.harnessNotPermitted(), param: "model" },
};
