/**
 * The knobs that a compliance preset can ask a least value of, each with its
 * values from the weakest to the strictest.
 */
import { outputAction, policyKnobs, type PolicyKnobs } from "../../../schemas/control/harness-definition.ts";

const guard = ["off", "flag", "block"];
const failMode = ["open", "closed"];
const output: readonly string[] = outputAction.options;

const orders = {
  "injection.action": guard,
  "injection.documents": guard,
  "injection.failMode": failMode,
  "pii.failMode": failMode,
  "leaks.systemPrompt": output,
  "leaks.secrets": output,
  "leaks.personalData": output,
} as const satisfies Record<string, readonly string[]>;

export type OrderedKnob = keyof typeof orders;

export function knobValue(knobs: PolicyKnobs, knob: OrderedKnob): string {
  const { injection, pii, leaks } = knobs;
  const values: Readonly<Record<OrderedKnob, string>> = {
    "injection.action": injection.action,
    "injection.documents": injection.documents,
    "injection.failMode": injection.failMode,
    "pii.failMode": pii.failMode,
    "leaks.systemPrompt": leaks.systemPrompt,
    "leaks.secrets": leaks.secrets,
    "leaks.personalData": leaks.personalData,
  };
  return values[knob];
}

export function isWeaker(knob: OrderedKnob, value: string, than: string): boolean {
  const order: readonly string[] = orders[knob];
  return order.indexOf(value) < order.indexOf(than);
}

/** From the demanded value to the strictest. */
export function valuesFrom(knob: OrderedKnob, atLeast: string): readonly string[] {
  const order: readonly string[] = orders[knob];
  return order.slice(order.indexOf(atLeast));
}

/** The knobs with this one raised to the value, if it is weaker. */
export function raisedKnob(knobs: PolicyKnobs, knob: OrderedKnob, atLeast: string): PolicyKnobs {
  if (!isWeaker(knob, knobValue(knobs, knob), atLeast)) return knobs;
  const [part = "", name = ""] = knob.split(".");
  const guards: Record<string, object> = { ...knobs };
  return policyKnobs.parse({ ...guards, [part]: { ...guards[part], [name]: atLeast } });
}
