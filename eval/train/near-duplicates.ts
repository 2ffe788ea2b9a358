/**
 * Texts that say nearly the same: more than 30 % of the one's runs of five
 * words stand in the other set too. Such rows are taken out of the training
 * rows before a set is tested, or the figures would tell of memory.
 */

const runLength = 5;
const mostShared = 0.3;

/** Whether a text nearly repeats one of these; a text of fewer than five words does when it is the same. */
export function nearDuplicates(of: readonly string[]): (text: string) => boolean {
  const known = new Set(of.flatMap(runsOf));
  return (text) => {
    const runs = runsOf(text);
    return runs.filter((run) => known.has(run)).length > runs.length * mostShared;
  };
}

function runsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < runLength) return words.length === 0 ? [] : [words.join(" ")];
  return Array.from({ length: words.length - runLength + 1 }, (_, at) => words.slice(at, at + runLength).join(" "));
}
