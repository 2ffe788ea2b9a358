/** The hours, days or months from the first to the last of some, those between that have no row included. */
export type Step = "hour" | "day" | "month";

/** As the ledger writes them: 2026-11-01T07:00:00Z, 2026-11-01, 2026-11. All UTC. */
export function stepsOf(step: Step, named: readonly string[]): readonly string[] {
  const [first, ...rest] = named.toSorted();
  if (first === undefined) return [];
  const last = rest.at(-1) ?? first;
  const steps = [first];
  for (let next = after(step, first); next <= last; next = after(step, next)) steps.push(next);
  return steps;
}

function after(step: Step, name: string): string {
  const at = new Date(step === "month" ? `${name}-01` : name);
  if (step === "hour") return `${new Date(at.getTime() + 3_600_000).toISOString().slice(0, 19)}Z`;
  if (step === "day") return new Date(at.getTime() + 24 * 3_600_000).toISOString().slice(0, 10);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1)).toISOString().slice(0, 7);
}
