/** Dead letters and their replays as the API shows them. */
import { z } from "zod";
import { deadLetterCode, resultStatus } from "../../../schemas/parts/codes.ts";
import { usd } from "../../../schemas/parts/usage.ts";
import { consumedTopics, deadLetterTopicOf } from "../../../topics/catalog.ts";

export const letterRef = z
  .string()
  .regex(/^[a-z-]{1,60}\/\d{1,9}\/\d{1,18}$/)
  .describe("<topic>/<partition>/<offset> of the dead letter");

export const groupId = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .describe("Of letters with the same code, stage, topic, harness and cause");

export const letterQuery = z.strictObject({
  topic: z.enum(consumedTopics).optional().describe("That was read when it went wrong"),
  code: deadLetterCode.optional(),
  stage: z.string().min(1).max(40).optional(),
  harness: z.string().min(1).max(64).optional(),
});

export const letterPlace = z.object({
  topic: z.enum(consumedTopics.map(deadLetterTopicOf)),
  partition: z.coerce.number().int().min(0).max(999_999),
  offset: z.string().regex(/^\d{1,18}$/),
});

const replayMark = z.object({
  run_id: z.uuid(),
  replay: z.int().positive(),
  status: resultStatus.nullable().describe("null while the run has no result"),
});

const cause = {
  code: z.string(),
  stage: z.string(),
  topic: z.enum(consumedTopics),
  harness: z.string().nullable(),
  cause: z.string().describe("The first thing its message says is wrong, with N for numbers"),
};

export const groupView = z
  .object({
    group: groupId,
    ...cause,
    letters: z.int(),
    replayed: z.int().nullable().describe("Of which were replayed; null when the ledger does not answer"),
    first_at_ms: z.int(),
    last_at_ms: z.int(),
    examples: z.array(letterRef).describe("The newest"),
  })
  .describe("Dead letters with one cause");

export const groupsView = z.object({
  groups: z.array(groupView),
  letters: z.int().describe("In these groups"),
  older: z.int().describe("Records of dead-letter topics that are too old to be looked at here"),
});

export const letterView = z
  .object({
    ref: letterRef,
    group: groupId,
    ...cause,
    message: z.string(),
    disposition: z.string(),
    at: z.string().describe("When it was given up"),
    source: z.object({ topic: z.enum(consumedTopics), partition: z.int(), offset: z.string() }),
    bytes: z.int(),
    replays: z.array(replayMark).nullable().describe("null when the ledger does not answer"),
  })
  .describe("A dead letter, without its body");

export const lettersPage = z.object({ letters: z.array(letterView), total: z.int() });

const hexRow = z.object({ at: z.string(), hex: z.string(), text: z.string() });
const shown = {
  hidden: z.int().describe("Values that are not shown, by the harness's policy or because they are sealed"),
  isCut: z.boolean(),
};

export const letterDocument = letterView
  .extend({
    key: z.string().nullable(),
    headers: z.record(z.string(), z.string()).describe("As they were on the record"),
    errors: z.record(z.string(), z.string()).describe("What the stage that gave it up wrote beside them"),
    body: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("none") }),
      z.object({ kind: z.literal("json"), value: z.json(), ...shown }),
      z.object({ kind: z.literal("text"), text: z.string(), ...shown }),
      z.object({ kind: z.literal("bytes"), rows: z.array(hexRow), ...shown }),
    ]),
  })
  .describe("A dead letter as far as it may be shown");

export const mostAtOnce = 100;

const force = z.boolean().default(false).describe("Replay once more what was replayed already");

export const replaySelection = z.union([
  z.strictObject({ letters: z.array(letterRef).min(1).max(mostAtOnce), force }),
  z.strictObject({ group: groupId.describe("Its newest, a hundred at most, that were not replayed yet"), force }),
]);
export type ReplaySelection = z.infer<typeof replaySelection>;

const replayView = z.object({
  ref: letterRef,
  kind: z.enum(["new", "already", "unusable"]),
  run_id: z.uuid().optional(),
  replay: z.int().positive().optional(),
  harness: z.string().optional(),
  reason: z.string().optional().describe("Why it cannot be replayed"),
});

export const replaysView = z.object({
  replays: z.array(replayView),
  published: z.int().describe("New runs"),
  left: z.int().describe("Letters of the group beyond those"),
});

const costOf = z.object({
  runs: z.int(),
  worst_case_usd: usd.nullable().describe("At most, by the price table; null when a model's price is unknown"),
  expected_usd: usd.nullable().describe("By what the harness's runs cost in the last seven days; null when none did"),
});

export const estimateView = z
  .object({
    replays: z.array(replayView),
    left: z.int().describe("Letters of the group beyond those"),
    total: costOf.extend({
      unpriced_runs: z.int().describe("Outside the worst case: a model of their harness has no price"),
      unexpected_runs: z.int().describe("Outside the expected cost: no run of their harness ended lately"),
    }),
    by_harness: z.array(costOf.extend({ harness: z.string(), recent_runs: z.int(), is_known: z.boolean() })),
  })
  .describe("What a replay would do and cost; nothing is published");

export type GroupsView = z.infer<typeof groupsView>;
export type LetterView = z.infer<typeof letterView>;
export type LetterDocument = z.infer<typeof letterDocument>;
export type ReplaysView = z.infer<typeof replaysView>;
export type ReplayView = z.infer<typeof replayView>;
export type EstimateView = z.infer<typeof estimateView>;
