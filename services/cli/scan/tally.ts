/**
 * Sums up a scan or a check: texts by action and findings by rule, the time that texts
 * took, and how many of them a second the whole made.
 */
export interface Summary {
  readonly texts: number;
  readonly bad_lines: number;
  readonly actions: Readonly<Record<string, number>>;
  /** By rule: texts that it was found in. */
  readonly rules: Readonly<Record<string, number>>;
  readonly us: { readonly p50: number; readonly p99: number; readonly highest: number } | null;
  readonly texts_per_second: number | null;
}

interface Decided {
  readonly action: string;
  readonly findings: readonly { readonly rule: string }[];
  readonly us: number;
}

export class Tally {
  readonly #actions: Map<string, number>;
  readonly #rules = new Map<string, number>();
  readonly #micros: number[] = [];
  #badLines = 0;

  /** `actions`: all that there are, in the order in which they are told. */
  constructor(actions: readonly string[]) {
    this.#actions = new Map(actions.map((action) => [action, 0]));
  }

  add({ action, findings, us }: Decided): void {
    this.#actions.set(action, (this.#actions.get(action) ?? 0) + 1);
    for (const rule of new Set(findings.map((finding) => finding.rule)))
      this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + 1);
    this.#micros.push(us);
  }

  addBadLine(): void {
    this.#badLines += 1;
  }

  get badLines(): number {
    return this.#badLines;
  }

  summary(elapsedMs: number): Summary {
    const sorted = this.#micros.toSorted((left, right) => left - right);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return {
      texts: sorted.length,
      bad_lines: this.#badLines,
      actions: Object.fromEntries(this.#actions),
      rules: Object.fromEntries([...this.#rules].toSorted(([, left], [, right]) => right - left)),
      us: sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99), highest: at(1) },
      texts_per_second: elapsedMs > 0 ? Math.round((sorted.length * 1000) / elapsedMs) : null,
    };
  }
}

/** A terminal holds so many. */
const mostRules = 20;

/** Lines for people. */
export function describeSummary({
  texts,
  bad_lines,
  actions,
  rules,
  us,
  texts_per_second,
}: Summary): readonly string[] {
  const share = (count: number): string => (texts === 0 ? "" : ` (${((100 * count) / texts).toFixed(1)} %)`);
  const found = Object.entries(rules);
  return [
    `${texts} texts: ${Object.entries(actions)
      .map(([action, count]) => `${action} ${count}${share(count)}`)
      .join(", ")}`,
    ...found.slice(0, mostRules).map(([rule, count]) => `  ${rule}: ${count}${share(count)}`),
    ...(found.length > mostRules
      ? [`  and ${found.length - mostRules} more rules, each rarer; --json lists them`]
      : []),
    ...(bad_lines === 0 ? [] : [`${bad_lines} ${bad_lines === 1 ? "line" : "lines"} could not be read`]),
    ...(us === null ? [] : [`microseconds a text: p50 ${us.p50}, p99 ${us.p99}, highest ${us.highest}`]),
    ...(texts_per_second === null ? [] : [`${texts_per_second} texts a second, reading and writing included`]),
  ];
}
