/**
 * A harness as it is published on harness-definitions: every knob resolved,
 * nothing left to a default at read time, so that the version (a hash of this
 * document) pins the whole behaviour of a run.
 */
import { z } from "zod";
import { contextStrategy, providerName } from "../parts/codes.ts";
import { callerRights } from "../parts/call-options.ts";
import { channel } from "../parts/channel.ts";
import { severity } from "../parts/finding.ts";
import { harnessRef } from "../parts/identity.ts";
import { retentionPolicy } from "../policies/retention-policy.ts";
import { reviewPolicy } from "../policies/review-policy.ts";
import { tracePolicy } from "../policies/trace-policy.ts";

const jsonSchema = z.record(z.string(), z.json()).describe("A JSON Schema, draft 2020-12, or draft 7 by its $schema");

/** What a guard does with what it finds. */
export const injectionAction = z.enum(["block", "flag", "off"]);
/** How text that nobody vouches for is told apart in the prompt that is sent. */
export const spotlight = z.enum(["off", "delimit", "datamark"]);
/** What becomes of a found value before anything leaves, from the weakest to the strictest. */
export const piiAction = z.enum(["allow", "mask", "pseudonymise", "hash", "redact", "block"]);
/** Rules that a definition can bind itself to; each raises what becomes of personal data. */
export const complianceScheme = z.enum(["hipaa", "gdpr", "soc2", "pci"]);
/** What happens when a guard could not run. */
export const failMode = z
  .enum(["closed", "open"])
  .describe("When the guard could not run: closed refuses the run, open lets it pass");

/**
 * What follows in an attempt when a call has failed: `retry` asks the same tier once more and then the next,
 * `fall_back` asks the next tier, `degrade` and `fail_fast` ask nobody: the run ends with the declared answer, or
 * without one and as a dead letter.
 */
export const retryAction = z.enum(["retry", "fall_back", "degrade", "fail_fast"]);

/** A failure that is not named here, because we broke off the call ourselves, falls back. */
export const retryPolicy = z.object({
  rate_limited: retryAction.default("fall_back").describe("429; a wait that the provider names is taken if it fits"),
  overloaded: retryAction.default("fall_back").describe("503, 529: the provider has no room"),
  server_error: retryAction.default("fall_back").describe("Any other 5xx"),
  timeout: retryAction.default("fall_back").describe("One of the tier's time limits passed, or 408, 504"),
  connection: retryAction.default("fall_back").describe("No connection, or one that broke"),
  bad_request: retryAction.default("degrade").describe("400: what every model would say of the request"),
  unauthorized: retryAction.default("fall_back").describe("401, 402, 403 for all keys: this provider is out"),
  not_found: retryAction.default("fall_back").describe("404: there is no such model"),
  content_refused: retryAction.default("fall_back").describe("The provider's own filter refused prompt or answer"),
  truncated: retryAction.default("fall_back").describe("The answer came to its token limit before its end"),
  malformed: retryAction.default("fall_back").describe("What came back is no answer, or too large a one"),
});

/**
 * What becomes of an answer in which an output guard found something, from the mildest to the strictest: `review` holds
 * it until a person has decided, `retry` asks again with what was found, `fallback` ends the run degraded, with the
 * answer that the harness declares. What both are wanted of is asked for again first, and held when that is over.
 */
export const outputAction = z.enum(["off", "flag", "review", "retry", "fallback"]);

/** Where the answer is shown or passed on to; what could do harm there is taken out or escaped. */
export const destination = z.enum(["plain", "json", "html", "html_attribute", "markdown", "terminal"]);

const found = outputAction.default("off");

/** When a provider's moderation is asked for a second opinion on an answer. */
export const moderationMode = z.enum(["off", "uncertain", "always"]);

/** Kinds of content that hurt people; the value says what is done about an answer that holds it. */
export const contentKnobs = z.object({
  hate: found.describe("Slurs with a target and a threat, people said to be less than people"),
  harassment: found.describe("Threats and abuse against the person spoken to or about"),
  self_harm: found.describe(
    "Encouragement of self-harm, ways to do it, the wish for it; fallback gives the helpAnswer",
  ),
  sexual: found.describe("Sexual content"),
  violence: found.describe("Violence incited, threatened or dwelt on"),
  moderation: moderationMode
    .default("off")
    .describe(
      "When a provider's moderation is asked too: never, where the guard here is not sure of what it found, or always",
    ),
  moderationFailMode: z
    .enum(["closed", "open"])
    .default("open")
    .describe("When it does not answer: open gives the answer out, noted as not judged; closed the fallbackAnswer"),
});

export const groundingKnobs = z.object({
  contradictions: found.describe("Numbers, dates, units, names or negations that the context says otherwise"),
  unsupported: found.describe("Numbers, names, quotations, citations and links that the context does not hold"),
  unsourced: found.describe("Statistics without a source, where there is no context to hold them against"),
});

export const leakKnobs = z.object({
  systemPrompt: found.describe("The harness's own instructions in the answer"),
  canaries: found.describe("One of prompt.canaries in the answer"),
  secrets: found.describe("Keys and passwords of the input in the answer"),
  personalData: found.describe("Personal data of the input in the answer"),
});

export const policyPreset = z.enum(["strict", "standard", "minimal"]);

/** A kind of value that only this harness knows: an employee number, a claim number. */
export const customEntity = z.object({
  name: z
    .string()
    .regex(/^[a-z][A-Za-z0-9_]{1,39}$/)
    .describe("In findings as pii.<name>, in the text as [NAME]"),
  pattern: z.string().min(1).max(500).describe("In the pattern language of signatures"),
  action: piiAction,
  severity,
  context: z
    .array(z.string().min(2).max(40))
    .max(20)
    .describe("Words of which one must stand near; empty: none needed"),
});

export const policyKnobs = z.object({
  injection: z.object({
    action: injectionAction.describe("Signatures in what the user wrote"),
    documents: injectionAction
      .default("block")
      .describe("Signatures and planted instructions in documents and tool results"),
    model: injectionAction
      .default("off")
      .describe("The linear model's score: flag notes it, block also refuses what it is sure of"),
    spotlight: spotlight
      .default("off")
      .describe("Documents and tool results in the prompt: as they are, between marks, or marked throughout"),
    failMode,
  }),
  pii: z.object({
    entities: z.record(z.string(), piiAction).describe("What becomes of each kind of personal data"),
    custom: z.array(customEntity).max(20).describe("Kinds of values that only this harness knows"),
    failMode,
  }),
  contextWindow: z.object({
    strategy: contextStrategy.describe("What is kept of a long field that does not fit; refuse cuts nothing"),
  }),
  output: z.object({
    repair: z.boolean().describe("Mend malformed JSON before asking again"),
    reask: z.boolean().default(true).describe("Ask again, with the errors, after an answer that breaks the contract"),
    escalate: z.boolean().describe("Ask again one tier further down the model chain"),
  }),
  content: contentKnobs.prefault({}),
  grounding: groundingKnobs.prefault({}),
  leaks: leakKnobs.prefault({}),
  retry: retryPolicy.prefault({}),
});

export const modelTier = z.object({
  provider: providerName,
  model: z.string().min(1),
  timeoutMs: z.int().min(100).max(600_000).describe("Total time one call may take, milliseconds"),
  stream: z.boolean().describe("Ask for the answer as a stream, so that a stall is seen while it is made"),
  connectTimeoutMs: z.int().min(10).max(600_000).describe("Until there is a connection, milliseconds"),
  firstTokenTimeoutMs: z
    .int()
    .min(10)
    .max(600_000)
    .describe("From sending to the first token of a stream, milliseconds"),
  idleTimeoutMs: z.int().min(10).max(600_000).describe("Between two tokens of a stream, milliseconds"),
  contextWindowTokens: z.int().positive().describe("Input and output together"),
});

export const hedge = z.object({
  afterMs: z
    .int()
    .min(1)
    .max(600_000)
    .optional()
    .describe("How long a call may take before the next tier is asked too, milliseconds; absent: the model's own p95"),
  maxShare: z.number().gt(0).max(0.5).describe("Most of the harness's calls that may be such second calls"),
});

export const moderation = z.object({
  provider: providerName.describe("One that speaks OpenAI's moderations"),
  model: z.string().min(1),
});

export const harnessDefinition = z.object({
  name: harnessRef.shape.name,
  description: z.string().max(1000),
  policy: policyPreset,
  compliance: z.array(complianceScheme).optional().describe("Raises the actions on personal data; never lowers one"),
  knobs: policyKnobs,
  input: z.object({
    schema: jsonSchema,
    longField: z.string().optional().describe("The top-level input field that may be truncated to fit"),
    contextField: z.string().optional().describe("The top-level input field that the answer must be grounded in"),
    channels: z
      .record(z.string(), channel)
      .optional()
      .describe(
        "Where a top-level input field comes from; longField and contextField are documents, all else is the user's",
      ),
  }),
  prompt: z.object({
    system: z.string().describe("Instructions; never truncated"),
    user: z
      .string()
      .describe("Template: {{field}} is replaced by that top-level input field; empty when messages alone are sent"),
    messages: z
      .string()
      .optional()
      .describe("The top-level input field that holds a conversation, passed through after the template"),
    canaries: z
      .array(z.string().min(8).max(200))
      .max(20)
      .optional()
      .describe("Marks within the instructions that no answer may hold"),
  }),
  output: z.object({
    format: z.enum(["text", "json"]),
    schema: jsonSchema.optional().describe("Contract of a json answer"),
    maxTokens: z.int().min(1).max(200_000),
    destination: destination.optional().describe("Where the output goes, which it is made safe for; absent: nowhere"),
  }),
  models: z.array(modelTier).min(1).max(8).describe("The chain: first choice first"),
  temperature: z.number().min(0).max(2).optional(),
  callers: callerRights
    .optional()
    .describe("What a request may ask for in its options; absent: fewer output tokens alone"),
  deadlineMs: z.int().min(1000).max(86_400_000).describe("From the request's broker timestamp to the last paid step"),
  maxAttempts: z.int().min(1).max(3),
  limits: z
    .object({
      promptTokens: z.int().positive().optional().describe("A prompt estimated higher than this is refused"),
      requestsPerMinute: z
        .int()
        .positive()
        .optional()
        .describe("Of one client to this harness; counted by each input-scan process on its own"),
    })
    .optional(),
  moderation: moderation
    .optional()
    .describe("Who is asked for the second opinion of knobs.content.moderation; what it gets to read are answers"),
  hedge: hedge.optional().describe("Ask the next tier as well when an answer takes long; absent: never"),
  degrade: z
    .object({
      lastGoodAnswer: z
        .object({ maxAgeMs: z.int().min(1000).max(604_800_000).describe("How old it may be, milliseconds") })
        .describe("What the same client was answered last to the same input, if it still stands on harness-results"),
    })
    .optional()
    .describe("What a degraded run is given before the fallbackAnswer"),
  fallbackAnswer: z.json().optional().describe("Given as the output of a degraded run"),
  helpAnswer: z
    .json()
    .optional()
    .describe("Given in its stead when an answer on self-harm is held back: whom to call, where to find help"),
  review: reviewPolicy.optional().describe("Whether people decide on answers before they are given; absent: never"),
  retention: retentionPolicy
    .optional()
    .describe("How long what its runs wrote can be read; absent: as long as the topics keep it"),
  traces: tracePolicy.optional().describe("What of prompts and answers may stand in traces; absent: nothing"),
});

export type PiiAction = z.infer<typeof piiAction>;
export type ComplianceScheme = z.infer<typeof complianceScheme>;
export type CustomEntity = z.infer<typeof customEntity>;
export type PolicyPreset = z.infer<typeof policyPreset>;
export type RetryAction = z.infer<typeof retryAction>;
export type RetryPolicy = z.infer<typeof retryPolicy>;
export type OutputAction = z.infer<typeof outputAction>;
export type Destination = z.infer<typeof destination>;
export type PolicyKnobs = z.infer<typeof policyKnobs>;
export type Moderation = z.infer<typeof moderation>;
export type Hedge = z.infer<typeof hedge>;
export type ModelTier = z.infer<typeof modelTier>;
export type HarnessDefinition = z.infer<typeof harnessDefinition>;

/** The record on the topic, under key `name@version`. */
export const publishedDefinition = z.object({
  kind: z.literal("definition"),
  version: harnessRef.shape.version,
  definition: harnessDefinition,
});

/** The record under key `name`: which version new runs get. */
export const currentDefinition = z.object({
  kind: z.literal("current"),
  name: harnessRef.shape.name,
  version: harnessRef.shape.version,
  canary: z
    .object({ version: harnessRef.shape.version, share: z.number().gt(0).lt(1) })
    .optional()
    .describe("The version that this share of new runs gets instead, chosen by the run's id"),
  shadow: z
    .object({ version: harnessRef.shape.version })
    .optional()
    .describe("The version whose guards also decide on each new run, recorded in the audit, without effect"),
});

export const definitionRecord = z.discriminatedUnion("kind", [publishedDefinition, currentDefinition]);
export type PublishedDefinition = z.infer<typeof publishedDefinition>;
export type CurrentDefinition = z.infer<typeof currentDefinition>;
export type DefinitionRecord = z.infer<typeof definitionRecord>;
