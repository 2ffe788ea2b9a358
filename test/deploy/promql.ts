/** Reads PromQL with the grammar of Prometheus' own editor: where it breaks, and which metrics and labels it names. */
import { parser } from "@prometheus-io/lezer-promql";

export interface Expression {
  /** Text around the first place that does not parse; null when all does. */
  readonly error: string | null;
  /** Each selector: its metric, and the labels it matches. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels that are grouped or joined by. */
  readonly groupings: readonly string[];
}

export function readPromql(text: string): Expression {
  let error: string | null = null;
  const selectors: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      const said = text.slice(from, to);
      if (name === "⚠") error ??= text.slice(Math.max(0, from - 20), to + 20);
      if (name === "Identifier") selectors.push({ metric: said, labels: [] });
      if (name !== "LabelName") return;
      if (node.parent?.name === "GroupingLabels") groupings.push(said);
      else selectors.at(-1)?.labels.push(said);
    },
  });
  return { error, selectors, groupings };
}

/** As Grafana fills in its variables. */
export function withGrafanaTimes(text: string): string {
  return text.replaceAll("$__rate_interval", "1m").replaceAll("$__range", "6h").replaceAll("$__interval", "15s");
}
