/**
 * What a line of a compliance preset is: a demand on a definition, on the
 * providers that it names or on how long things are kept, with the clause that
 * it serves. Clauses are cited, never quoted; where a figure is ours, the line
 * says so.
 */
import type { PiiAction } from "../../../schemas/control/harness-definition.ts";
import type { Agreement } from "../../../schemas/parts/provider-terms.ts";
import type { ReviewPolicy } from "../../../schemas/policies/review-policy.ts";
import type { PiiEntity } from "../../guards/pii/entity.ts";
import type { OrderedKnob } from "./ordered-knobs.ts";

export type Demand =
  /** What becomes of each of these kinds is this or stricter. */
  | { readonly kind: "entities"; readonly entities: readonly PiiEntity[]; readonly atLeast: PiiAction }
  | { readonly kind: "knob"; readonly knob: OrderedKnob; readonly atLeast: string }
  /** Of a harness that has reviews: what silence may mean. */
  | { readonly kind: "review"; readonly onTimeout: readonly ReviewPolicy["onTimeout"][] }
  /** Signed with every provider that the harness names. */
  | { readonly kind: "agreement"; readonly agreement: Agreement }
  /** Every provider is in one of these regions, or one of these agreements stands in for it. */
  | { readonly kind: "region"; readonly regions: readonly string[]; readonly orElse: readonly Agreement[] }
  /** The way to every provider is TLS, or does not leave this machine. */
  | { readonly kind: "encrypted" }
  /** Decisions can be read in the ledger for so long. */
  | { readonly kind: "decisions_kept"; readonly atLeastDays: number }
  /** No topic holds prompts or answers that can be read for longer. */
  | { readonly kind: "content_gone"; readonly atMostDays: number }
  /** No prompt and no answer stands in a trace, where nobody erases it. */
  | { readonly kind: "untraced" };

export interface ComplianceLine {
  readonly clause: string;
  /** What the clause is about and why the demand serves it, in our words. */
  readonly serves: string;
  readonly demand: Demand;
}

export interface CompliancePreset {
  readonly title: string;
  readonly lines: readonly ComplianceLine[];
}
