/**
 * Finds long runs of a pattern by short steps: a regular expression that repeats
 * a group without bound keeps a note for each round and fails on a text of many
 * megabytes. A step repeats at most a few hundred times; steps that touch are
 * one run.
 */

export interface Run {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `first` is global and begins a run; `more`, sticky, goes on where a step ended. */
export function findRuns(text: string, first: RegExp, more: RegExp): Run[] {
  const runs: Run[] = [];
  first.lastIndex = 0;
  for (let match = first.exec(text); match !== null; match = first.exec(text)) {
    const start = match.index;
    let end = first.lastIndex;
    for (more.lastIndex = end; more.test(text); more.lastIndex = end) end = more.lastIndex;
    runs.push({ start, end, text: text.slice(start, end) });
    first.lastIndex = end;
  }
  return runs;
}
