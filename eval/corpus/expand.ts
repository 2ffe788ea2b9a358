/**
 * Sentences of our own, made of patterns with places such as
 * `{task}`: each pattern gives a fixed number of sentences, their words chosen
 * by the count so far, so that the same patterns give the same sentences.
 */

export type Slots = Readonly<Record<string, readonly string[]>>;

/** `count` sentences a pattern that has places, one for a pattern without. @throws Error for a place that no slot fills. */
export function expand(patterns: readonly string[], slots: Slots, count: number): readonly string[] {
  let turn = 0;
  const sentences = patterns.flatMap((pattern) =>
    Array.from({ length: pattern.includes("{") ? count : 1 }, () =>
      pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const words = slots[name];
        if (words === undefined) throw new Error(`no words for {${name}}`);
        turn++;
        return words[(Math.imul(turn, 0x9e3779b1) >>> 8) % words.length] ?? "";
      }),
    ),
  );
  return [...new Set(sentences)];
}
