/**
 * The period that a question is about, as it is written on the command line, in
 * a query of the gateway and in the console's address: from a time until
 * another, each a duration back from now, a day (UTC) or an RFC 3339 time.
 * Roll-ups count by the hour, so a period is widened to whole hours; an answer
 * says which it covers.
 */
import { z } from "zod";
import { writtenTime, writtenTimeMeaning } from "./written-time.ts";

/** Unix milliseconds; `untilMs` exclusive. Absent: from the ledger's beginning, up to now. */
export interface Period {
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

export const hourMs = 3_600_000;
const msOf = { m: 60_000, h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs } as const;
const longestMs = 10 * 366 * 24 * hourMs;

export interface Moment {
  readonly kind: "ago" | "at";
  readonly ms: number;
}

const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}[mhdw]$/)
  .transform((text): Moment => {
    const unit = z.enum(["m", "h", "d", "w"]).parse(text.slice(-1));
    return { kind: "ago", ms: Math.min(longestMs, Number(text.slice(0, -1)) * msOf[unit]) };
  });
const at = writtenTime.transform((ms): Moment => ({ kind: "at", ms }));

export const moment = z.union([duration, at], `a duration back from now (30d, 12h), ${writtenTimeMeaning}`);

export const periodMeaning = {
  since: "From then on: a duration back from now (30d, 12h), a day (its start, UTC) or an RFC 3339 time",
  until: "Likewise, exclusive; now when absent",
} as const;

export interface Asked {
  readonly since?: Moment | undefined;
  readonly until?: Moment | undefined;
}

/** What was asked for, to the millisecond; durations alone go to the full hour before. */
export function exactPeriod({ since, until }: Asked, nowMs: number): Period {
  const at = (given: Moment | undefined): number | undefined => {
    if (given === undefined) return undefined;
    return given.kind === "at" ? given.ms : hourOf(nowMs - given.ms);
  };
  return { sinceMs: at(since), untilMs: at(until) };
}

/** In whole hours, with both ends; `fallback` is how far back it goes when nobody says. */
export function wholePeriod(asked: Asked, nowMs: number, fallback: Moment): WholePeriod {
  const { sinceMs = 0, untilMs = nowMs } = exactPeriod({ since: fallback, ...definedOf(asked) }, nowMs);
  return { sinceMs: hourOf(sinceMs), untilMs: hourOf(untilMs + hourMs - 1) };
}

export interface WholePeriod {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Whether roll-ups by the hour can tell it exactly. */
export function isWholeHours({ sinceMs = 0, untilMs = 0 }: Period): boolean {
  return sinceMs % hourMs === 0 && untilMs % hourMs === 0;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / hourMs) * hourMs;
}

function definedOf(asked: Asked): Asked {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}
