/**
 * What a route of the gateway is: where it stands, what it asks of its caller,
 * what it takes and answers, and its work. The server registers every route
 * from such a declaration and from nothing else, so access, error shapes and
 * the OpenAPI document hold for all of them. A route checks no key itself.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Refusal } from "./admission/admission.ts";
import type { Access, Client } from "./clients/client.ts";

/** Decides the shape of error answers. */
export type Dialect = "native" | "openai" | "anthropic";

/** The body of an error answer in one dialect. */
export type ErrorShape = (refusal: Refusal, runId?: string) => { readonly body: object };

/** Schemas of the parts of a request; a part without one is not read. */
export interface Accepts {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
}

/** One status that a route answers with, beside the refusals that every route can give. */
export interface Answer {
  readonly description: string;
  /** Absent: the dialect's error for 400 and above, else no body. */
  readonly body?: z.ZodType;
  /** Of the body; application/json when absent. */
  readonly contentType?: string;
  /** With `stream: true` it comes as server-sent events. */
  readonly isStreamedToo?: boolean;
  /** Names of headers it carries, with their meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Described {
  readonly method: "GET" | "POST" | "DELETE";
  /** As Fastify writes it: `/v1/runs/:id`. */
  readonly url: string;
  readonly dialect: Dialect;
  /** `page`: it answers a browser, and is no part of the API and its document. */
  readonly tag:
    | "runs"
    | "reviews"
    | "chat"
    | "batches"
    | "dead letters"
    | "harnesses"
    | "costs"
    | "audit"
    | "models"
    | "system"
    | "clients"
    | "console"
    | "page";
  readonly summary: string;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Largest body; the server's limit when absent. */
  readonly bodyLimitBytes?: number;
  /**
   * The content types of a body that is an upload: it comes as its bytes, within the route's limit and not the client's, and few are
   * read at once. JSON when absent.
   */
  readonly uploadTypes?: readonly string[];
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request as its route's schemas read it. */
export interface Call<Taken extends Accepts> {
  readonly params: Parsed<Taken["params"]>;
  readonly query: Parsed<Taken["query"]>;
  readonly headers: Parsed<Taken["headers"]>;
  readonly body: Parsed<Taken["body"]>;
  /** Aborts when the caller goes away before its answer is out, or the server gives waiting up to stop. */
  readonly over: AbortSignal;
  /** Whether the caller has gone away. */
  readonly isGone: () => boolean;
  /** Answers with an error in the route's dialect. */
  readonly refuse: (refusal: Refusal, runId?: string) => FastifyReply;
}

/** Answers through `reply`, or with what it resolves to, as JSON. */
type Handler<Caller, Taken extends Accepts> = (
  call: Call<Taken> & { readonly client: Caller },
  reply: FastifyReply,
) => Promise<unknown>;

export interface RouteWork {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly over: AbortSignal;
  readonly isGone: () => boolean;
  readonly refuse: (refusal: Refusal, runId?: string) => FastifyReply;
}

export type GatewayRoute = Described & { readonly accepts: Accepts } & (
    | { readonly access: "open"; readonly handle: (work: RouteWork) => Promise<unknown> }
    | {
        readonly access: Exclude<Access, "open">;
        readonly handle: (work: RouteWork, client: Client) => Promise<unknown>;
      }
  );

/** A route that needs a key. */
export function keyedRoute<const Taken extends Accepts>(
  route: Described & {
    readonly access: Exclude<Access, "open">;
    readonly accepts: Taken;
    readonly handle: Handler<Client, Taken>;
  },
): GatewayRoute {
  const { accepts, handle } = route;
  return { ...route, handle: (work, client) => handle({ ...callOf(accepts, work), client }, work.reply) };
}

/** A route that answers whoever asks: nothing of a client may be in its answer. */
export function openRoute<const Taken extends Accepts>(
  route: Described & { readonly accepts: Taken; readonly handle: Handler<null, Taken> },
): GatewayRoute {
  const { accepts, handle } = route;
  return { ...route, access: "open", handle: (work) => handle({ ...callOf(accepts, work), client: null }, work.reply) };
}

/** Errors: RequestError for what a schema does not take. */
function callOf<Taken extends Accepts>(accepts: Taken, work: RouteWork): Call<Taken>;
function callOf(accepts: Accepts, work: RouteWork): Call<Accepts> {
  const { request, over, isGone, refuse } = work;
  return {
    params: parsed(accepts.params, request.params, "path"),
    query: parsed(accepts.query, request.query, "query"),
    headers: parsed(accepts.headers, request.headers, "header"),
    body: parsed(accepts.body, request.body, "body"),
    over,
    isGone,
    refuse,
  };
}

function parsed(schema: z.ZodType | undefined, value: unknown, part: RequestPart): unknown {
  if (schema === undefined) return undefined;
  const read = schema.safeParse(value);
  if (!read.success) throw new RequestError(part, read.error);
  return read.data;
}

type RequestPart = "path" | "query" | "header" | "body";

/** A part of the request that the route's schema does not take. */
export class RequestError extends Error {
  readonly refusal: Refusal;
  constructor(part: RequestPart, { issues: [issue] }: z.ZodError) {
    super("the request does not fit the route's schema");
    this.name = "RequestError";
    const param = issue?.path.join(".") ?? "";
    this.refusal = {
      status: 400,
      code: "invalid_request",
      message: `${part}${param === "" ? "" : ` ${param}`}: ${issue?.message ?? "not as it should be"}`,
      ...(param === "" ? {} : { param }),
    };
  }
}
