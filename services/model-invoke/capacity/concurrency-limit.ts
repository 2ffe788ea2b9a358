/**
 * How many calls of one model may be in flight: more by little while they
 * succeed, less by a factor when the provider turns more than a few of them away
 * (429, overloaded) or takes far longer than usual to begin an answer. Each
 * round trip counts once: calls that left under an older limit say nothing about
 * the present one. An answer's length never counts, only its first token's wait.
 * Additive increase and multiplicative decrease are TCP's; the step by the
 * square root and the two averages are those of Netflix's concurrency-limits.
 */
export interface ConcurrencyLimit {
  /** At least 1; the part after the point is progress towards one more. */
  readonly limit: number;
  /** Unix milliseconds: what left before then left under a higher limit. */
  readonly loweredAtMs: number;
  /** Of about the last twenty calls that were answered or refused. */
  readonly refusedShare: number;
  readonly firstToken: FirstTokenAverages;
}

interface FirstTokenAverages {
  readonly samples: number;
  /** Over about ten calls, milliseconds. */
  readonly recentMs: number;
  /** Over about two hundred calls, milliseconds. */
  readonly usualMs: number;
}

export interface CallSignal {
  /** `other`: a failure that says nothing about how many calls the provider takes. */
  readonly kind: "answered" | "refused" | "other";
  readonly startedAtMs: number;
  readonly atMs: number;
  /** Calls in flight at the end of this one, itself included. */
  readonly inFlight: number;
  /** Of a streamed answer, milliseconds. */
  readonly firstTokenMs?: number | undefined;
}

/** What is left of the calls in flight when the provider turns calls away, and when it began to answer late. */
export const lowering = { refused: 0.7, late: 0.85 } as const;
/** Providers turn a call away now and then, however few there are: no sign of too many. Four in a row are. */
export const toleratedShare = 0.15;
/** Late: so much longer than usual, by factor and by milliseconds, over so many answers. */
export const late = { factor: 2, byMs: 500, samples: 20 } as const;
/** Lateness alone, which has other causes too, leaves so many calls. */
export const leastWhenLate = 8;

const refusedWeight = 1 / 20;
const recentWeight = 1 / 10;
const usualWeight = 1 / 200;

export function firstLimit(ceiling: number): ConcurrencyLimit {
  return {
    limit: Math.max(1, ceiling),
    loweredAtMs: 0,
    refusedShare: 0,
    firstToken: { samples: 0, recentMs: 0, usualMs: 0 },
  };
}

export function limitAfter(state: ConcurrencyLimit, signal: CallSignal, ceiling: number): ConcurrencyLimit {
  switch (signal.kind) {
    case "other":
      return state;
    case "refused": {
      if (signal.startedAtMs < state.loweredAtMs) return state;
      const refusedShare = state.refusedShare + (1 - state.refusedShare) * refusedWeight;
      const known = { ...state, refusedShare };
      return refusedShare > toleratedShare ? lowered(known, signal, { factor: lowering.refused, least: 1 }) : known;
    }
    case "answered": {
      const firstToken = averaged(state.firstToken, signal.firstTokenMs);
      const known = { ...state, firstToken, refusedShare: state.refusedShare * (1 - refusedWeight) };
      return isLate(firstToken)
        ? lowered(known, signal, { factor: lowering.late, least: leastWhenLate })
        : raised(known, signal, ceiling);
    }
  }
}

/** From the calls in flight, as a limit far above them says nothing. */
function lowered(
  state: ConcurrencyLimit,
  { startedAtMs, atMs, inFlight }: CallSignal,
  { factor, least }: { readonly factor: number; readonly least: number },
): ConcurrencyLimit {
  if (startedAtMs < state.loweredAtMs) return state;
  const target = Math.max(least, Math.min(state.limit, inFlight) * factor);
  const { samples, usualMs } = state.firstToken;
  // What lowered the limit must be seen again under the new one before it lowers it further.
  const firstToken = { samples, usualMs, recentMs: usualMs };
  return { limit: Math.min(state.limit, target), loweredAtMs: atMs, refusedShare: 0, firstToken };
}

/** By the square root of the limit in each round trip, and only while it is the limit that holds calls back. */
function raised(state: ConcurrencyLimit, { inFlight }: CallSignal, ceiling: number): ConcurrencyLimit {
  const limit = inFlight * 2 < state.limit ? state.limit : state.limit + 1 / Math.sqrt(state.limit);
  return { ...state, limit: Math.max(1, Math.min(limit, ceiling)) };
}

function averaged(averages: FirstTokenAverages, firstTokenMs: number | undefined): FirstTokenAverages {
  if (firstTokenMs === undefined) return averages;
  const samples = averages.samples + 1;
  const towards = (average: number, weight: number): number =>
    average + (firstTokenMs - average) * Math.max(weight, 1 / samples);
  return {
    samples,
    recentMs: towards(averages.recentMs, recentWeight),
    usualMs: towards(averages.usualMs, usualWeight),
  };
}

function isLate({ samples, recentMs, usualMs }: FirstTokenAverages): boolean {
  return samples >= late.samples && recentMs > usualMs * late.factor && recentMs - usualMs > late.byMs;
}
