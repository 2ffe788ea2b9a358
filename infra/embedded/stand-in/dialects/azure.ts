/**
 * Azure's chat completions: OpenAI's, with the key in `api-key`, the served
 * model decided by the deployment, errors in Azure's shape, a content filter in
 * place of a refusal, and a stream that begins and ends with what the filter
 * has to say and no token.
 */
import { type Ask, type Dialect, type HttpAnswer, isObject, type Reply } from "../ask.ts";
import { openaiDialect } from "./openai.ts";

const clean = { hate: { filtered: false, severity: "safe" }, violence: { filtered: false, severity: "safe" } };

const errors: Readonly<Record<number, { code: string; message: string }>> = {
  400: { code: "BadRequest", message: "The request is invalid." },
  401: { code: "401", message: "Access denied due to invalid subscription key or wrong API endpoint." },
  404: { code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." },
  429: { code: "429", message: "Requests have exceeded the rate limit of this deployment." },
};

function answer(ask: Ask, reply: Reply, id: string): HttpAnswer {
  const whole = openaiDialect.answer(ask, { ...reply, ending: reply.ending === "refusal" ? "stop" : reply.ending }, id);
  if (!isObject(whole.body)) return whole;
  const choice = { index: 0, message: { role: "assistant" }, finish_reason: "content_filter" };
  const filtered = { choices: [{ ...choice, content_filter_results: { hate: { filtered: true, severity: "high" } } }] };
  const body = { ...whole.body, prompt_filter_results: [{ prompt_index: 0, content_filter_results: clean }] };
  return { ...whole, body: reply.ending === "refusal" ? { ...body, ...filtered } : body };
}

function events(ask: Ask, reply: Reply, id: string): readonly string[] {
  const frame = { id: "", object: "", created: 0, model: "" };
  const event = (data: object): string => `data: ${JSON.stringify({ ...frame, ...data })}\n\n`;
  const first = event({ choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: clean }] });
  if (reply.ending === "refusal") {
    const refused = { index: 0, delta: {}, finish_reason: "content_filter" };
    return [first, event({ model: ask.model, choices: [refused] }), "data: [DONE]\n\n"];
  }
  const offsets = { check_offset: 0, start_offset: 0, end_offset: reply.text.length };
  const note = { index: 0, finish_reason: null, content_filter_results: clean, content_filter_offsets: offsets };
  const own = openaiDialect.events(ask, reply, id);
  return [first, ...own.slice(0, -1), event({ choices: [note] }), ...own.slice(-1)];
}

function error(status: number, { id, ...detail }: Parameters<Dialect["error"]>[1]): HttpAnswer {
  const known = errors[status] ?? { code: String(status), message: "The server had an error." };
  const filtered = detail.code === "content_filter";
  const innererror = { code: "ResponsibleAIPolicyViolation", content_filter_result: { hate: { filtered: true } } };
  const own = { code: detail.code ?? known.code, message: detail.message ?? known.message };
  const body = { error: filtered ? { ...own, type: null, param: "prompt", status, innererror } : own };
  return { status, headers: { "x-request-id": id, "apim-request-id": id }, body };
}

/** Of a deployment that serves this model, whatever the body says. */
export function azureDialect(model: string): Dialect {
  return {
    ...openaiDialect,
    parse(body) {
      const parsed = openaiDialect.parse(body);
      return parsed.kind === "ask" ? { ...parsed, ask: { ...parsed.ask, model } } : parsed;
    },
    answer,
    events,
    error,
    keyOf: (headers) => (typeof headers["api-key"] === "string" ? headers["api-key"] : null),
  };
}
