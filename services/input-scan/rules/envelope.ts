/**
 * Reads a decoded record as a run request. What is wrong comes back as reasons
 * with the path and the rule; none of them repeats what the publisher wrote.
 * Whoever can be recognised as the sender is, so that the answer finds them.
 */
import { z } from "zod";
import type { DeadLetterCode } from "../../../schemas/parts/codes.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { attribution } from "../../../schemas/parts/identity.ts";
import { runRequest, type RunRequest } from "../../../schemas/records/run-request.ts";

/** What a broken request still says about itself. */
export type Claims = { readonly [Field in keyof Claimed]?: Claimed[Field] | undefined };
type Claimed = z.infer<typeof attribution> & { run_id: string };

export type Envelope =
  | { readonly kind: "request"; readonly request: RunRequest }
  | {
      readonly kind: "unusable";
      readonly code: DeadLetterCode;
      readonly reasons: readonly Reason[];
      readonly claims: Claims;
    };

const requestRecord = z.compile(runRequest);

/** Deeper values than this are refused before anything recursive touches them. */
export const maxDepth = 64;

export function readEnvelope(value: unknown): Envelope {
  if (isDeeperThan(value, maxDepth)) {
    return unusable("envelope_invalid", [
      { code: "envelope_invalid", message: `nested deeper than ${maxDepth} levels`, rule: "max_depth" },
    ]);
  }
  const body = withoutNulls(value);
  const parsed = requestRecord.safeParse(body);
  if (parsed.success) return { kind: "request", request: parsed.data };
  return unusable("envelope_invalid", parsed.error.issues.slice(0, 20).map(toReason), claimsOf(body));
}

export function unusable(code: DeadLetterCode, reasons: readonly Reason[], claims: Claims = {}): Envelope {
  return { kind: "unusable", code, reasons, claims };
}

/** Avro says null where JSON leaves an optional field out. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

function claimsOf(body: unknown): Claims {
  if (typeof body !== "object" || body === null) return {};
  const shape = { ...attribution.shape, run_id: runRequest.shape.run_id };
  const claims: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const claimed = field.safeParse(Reflect.get(body, name));
    if (claimed.success && claimed.data !== undefined) claims[name] = claimed.data;
  }
  return claims;
}

/** Zod's messages name types, limits and patterns of the schema; only unknown keys are the publisher's words. */
function toReason(issue: z.core.$ZodIssue): Reason {
  const path = issue.path[0] === "input" ? "/input" : issue.path.map((part) => `/${String(part)}`).join("");
  const message = issue.code === "unrecognized_keys" ? unknownFields(issue.keys) : plain(issue.message);
  return { code: "envelope_invalid", message, path, rule: issue.code };
}

function plain(message: string): string {
  return message.replace(/^Invalid input: /, "").replace("received undefined", "and it is missing");
}

function unknownFields(keys: readonly string[]): string {
  const named = keys.filter((key) => /^[a-z][a-z_]{0,31}$/i.test(key)).slice(0, 5);
  return `unknown field${keys.length > 1 ? "s" : ""}${named.length > 0 ? `: ${named.join(", ")}` : ""}`;
}

function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}
