/**
 * OpenAI's moderations: a text or a list of texts in, what each of them is found
 * to be out, in the shapes of the real API. Free, so nothing of it is in the
 * books but the call. A harmful text is known by its phrase (answers/canned.ts).
 */
import { toxicScores } from "../answers/canned.ts";
import { type Ask, countTokens, type Dialect, type Flags, type HttpAnswer, isObject, type ParsedAsk } from "../ask.ts";
import { openaiDialect } from "./openai.ts";

const categories = {
  harassment: "harassment",
  "harassment/threatening": null,
  hate: "hate",
  "hate/threatening": null,
  illicit: null,
  "illicit/violent": null,
  "self-harm": "self_harm",
  "self-harm/instructions": null,
  "self-harm/intent": null,
  sexual: "sexual",
  "sexual/minors": null,
  violence: "violence",
  "violence/graphic": null,
} as const;

const flaggedFrom = 0.5;
const unlikely = 0.001;

function parse(body: unknown): ParsedAsk {
  const invalid = (message: string): ParsedAsk => ({ kind: "invalid", message });
  if (!isObject(body)) return invalid("We could not parse the JSON body of your request.");
  const { input, model = "omni-moderation-latest" } = body;
  if (typeof model !== "string" || model === "") return invalid("Invalid type for 'model'.");
  const texts = typeof input === "string" ? [input] : Array.isArray(input) ? input : [];
  const judged = texts.filter((text) => typeof text === "string");
  if (judged.length === 0) return invalid("Missing required parameter: 'input'.");
  if (judged.length < texts.length) return invalid("Invalid type for 'input'.");
  const prompt = judged.join("\n");
  return {
    kind: "ask",
    ask: {
      model,
      text: prompt,
      system: "",
      prompt,
      inputTokens: countTokens(prompt.length),
      maxTokens: 1,
      jsonSchema: undefined,
      tools: null,
      stream: false,
      streamUsage: false,
      judged,
    },
  };
}

function verdictOn(text: string, flags: Flags | undefined) {
  const own = toxicScores(text);
  const scores = Object.entries(categories).map(([name, ours]): [string, number] => {
    if (ours === null) return [name, unlikely];
    if (flags === undefined) return [name, own[ours]];
    return [name, flags.categories.includes(ours) ? flags.score : unlikely];
  });
  const flagged = scores.map(([name, score]): [string, boolean] => [name, score >= flaggedFrom]);
  return {
    flagged: flagged.some(([, is]) => is),
    categories: Object.fromEntries(flagged),
    category_scores: Object.fromEntries(scores),
    category_applied_input_types: Object.fromEntries(scores.map(([name]) => [name, ["text"]])),
  };
}

export const moderationsDialect: Dialect = {
  ...openaiDialect,
  parse,
  answer: ({ model, judged = [] }: Ask, { flags }, id): HttpAnswer => ({
    status: 200,
    headers: { "x-request-id": `req_${id}` },
    body: { id: `modr-${id}`, model, results: judged.map((text) => verdictOn(text, flags)) },
  }),
  isFree: true,
};
