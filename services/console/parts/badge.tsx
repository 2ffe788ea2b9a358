/** A word that stands out by its colour: a status, a verdict, a count. */
import type { ComponentChildren } from "preact";
import { toneOf, words, type Tone } from "../format/status.ts";

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}

/** Of a run's status or a call's outcome. */
export function StatusBadge({ status }: { readonly status: string }) {
  return <Badge tone={toneOf(status)}>{words(status)}</Badge>;
}
