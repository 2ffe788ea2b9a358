/** Park and Miller's minimal generator: the same seed gives the same numbers. */
export type Random = (below: number) => number;

export function createRandom(seed: number): Random {
  let state = ((seed >>> 0) % 2_147_483_646) + 1;
  // The first numbers of neighbouring seeds are neighbours.
  for (let warmUp = 0; warmUp < 5; warmUp += 1) state = (state * 48_271) % 2_147_483_647;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}
