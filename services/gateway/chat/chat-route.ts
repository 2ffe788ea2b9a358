/**
 * A route that answers as a chat provider would. The body becomes a run, which
 * goes through admission as every run does, and its result becomes an answer, a
 * stream or an error. A caller that goes away ends what is not paid yet, unless
 * it named the run by an Idempotency-Key, to come back for it.
 */
import type { FastifyReply } from "fastify";
import type { z } from "zod";
import type { Logger } from "../../runtime/logger.ts";
import type { Admission, Admitted } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";
import { keyedRoute, type Answer, type Call, type GatewayRoute } from "../route.ts";
import { callerHeaders, type CallerHeaders } from "./request/caller-headers.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import { runOf, type Conversation } from "./request/conversation.ts";
import { findHarness, type Harnesses } from "./request/find-harness.ts";
import { outcomeOf, type ChatOutcome, type Reading } from "./answer/outcome.ts";
import { sendAnswer, sendStream } from "./answer/send-outcome.ts";

export interface ChatParts {
  readonly admission: Admission;
  readonly harnesses: Harnesses;
  readonly logger: Pick<Logger, "error">;
  readonly nowMs: () => number;
  /** The longest silence of a stream, milliseconds; an error within the first such time still has its own status. */
  readonly keepAliveMs: number;
}

/** What an answer takes beside its harness's time: the stages around the model, and the way back, milliseconds. */
const marginMs = 10_000;

export function chatRoute(dialect: ChatDialect, parts: ChatParts): GatewayRoute {
  return keyedRoute({
    method: "POST",
    url: dialect.url,
    access: "run",
    dialect: dialect.name,
    tag: "chat",
    summary: dialect.summary,
    accepts: { headers: callerHeaders, body: dialect.request },
    answers: {
      200: {
        description: "The answer, in the provider's shape; as server-sent events with stream: true",
        body: dialect.document,
        isStreamedToo: true,
        headers: ofRun,
      },
      ...failures,
    },
    handle: (call, reply) => serve(dialect, parts, call, reply),
  });
}

const ofRun = {
  "breakwater-run-id": "The run: see GET /v1/runs/{id}",
  "breakwater-status": "How the run stands: ok, degraded, released, refused ...",
  "idempotent-replayed": "`true` when an earlier request with the same Idempotency-Key started the run",
} as const;
const unfinished = { ...ofRun, location: "Where the run's result will be" } as const;

const failures: Readonly<Record<number, Answer>> = {
  404: { description: "There is no such harness" },
  409: { description: "Held for review, cancelled, or the Idempotency-Key is another run's", headers: unfinished },
  410: { description: "The data subject was erased, and the answer with them", headers: unfinished },
  422: { description: "No answer of the model kept the harness's rules", headers: ofRun },
  504: { description: "The run's time was over, or its answer is still being made", headers: unfinished },
};

type ChatCall = Call<{ readonly headers: typeof callerHeaders; readonly body: z.ZodType<Conversation> }> & {
  readonly client: Client;
};

async function serve(dialect: ChatDialect, parts: ChatParts, call: ChatCall, reply: FastifyReply): Promise<unknown> {
  const { client, headers, body: asked, refuse } = call;
  const found = await findHarness(parts.harnesses, asked.model, client);
  if (found.kind === "refused") return refuse(found.refusal);
  const { definition, harness } = found;
  const whose = { clientId: client.clientId, harness, ...runFor(headers, parts.nowMs()) };
  const asking = runOf(asked, definition, whose);
  if (asking.kind === "refused") return refuse(asking.refusal);
  const handed = { run: asking.run, idempotencyKey: headers["idempotency-key"] };
  const { outcome: admitted, headers: limits } = await parts.admission.admit(client, handed);
  void reply.headers(limits);
  if (admitted.kind === "refused") return refuse(admitted.refusal);
  if (admitted.joined) void reply.header("idempotent-replayed", "true");
  const waitMs = (headers["breakwater-deadline-ms"] ?? definition.deadlineMs) + marginMs;
  const outcome = outcomeWithin(admitted, call, { waitMs, definition, nowMs: parts.nowMs });
  const { runId } = admitted;
  const onFailure = (error: unknown): void => parts.logger.error({ err: error, run_id: runId }, "a stream failed");
  const pending = { runId, asked, outcome, refuse, onFailure };
  return asked.stream ? sendStream(dialect, pending, reply, parts.keepAliveMs) : sendAnswer(dialect, pending, reply);
}

function runFor(headers: CallerHeaders, nowMs: number) {
  const deadlineMs = headers["breakwater-deadline-ms"];
  return {
    feature: headers["breakwater-feature"],
    subjectId: headers["breakwater-subject"],
    deadlineAtMs: deadlineMs === undefined ? undefined : nowMs + deadlineMs,
  };
}

interface Waiting extends Omit<Reading, "nowMs"> {
  readonly waitMs: number;
  readonly nowMs: () => number;
}

/** The client's place is free again when it resolves. */
async function outcomeWithin(
  { wait, release }: Admitted,
  { over, isGone, headers }: ChatCall,
  { waitMs, definition, nowMs }: Waiting,
): Promise<ChatOutcome> {
  try {
    return outcomeOf(await wait({ waitMs, signal: over }), { definition, nowMs: nowMs() });
  } finally {
    await release({ left: isGone() && headers["idempotency-key"] === undefined });
  }
}
