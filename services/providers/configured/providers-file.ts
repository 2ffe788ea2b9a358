/**
 * The providers beside OpenAI's and Anthropic's own, from a JSON file that only
 * operators write: where each is, which API it speaks, what its keys' variable
 * is called, what it is priced as, what it may be asked and on what terms it works. A file that is
 * wrong stops the start, with the place in it and the rule; keys are never in it.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { providerName } from "../../../schemas/parts/codes.ts";
import { agreement, region } from "../../../schemas/parts/provider-terms.ts";
import { ConfigError } from "../../runtime/errors.ts";

/** What one model of a provider may be asked, over all its keys and all our processes. */
export const modelLimits = z.strictObject({
  requestsPerMinute: z.int().positive().optional(),
  tokensPerMinute: z.int().positive().optional().describe("Input and output together"),
  maxConcurrent: z.int().positive().optional().describe("Calls in flight"),
});

const limits = z
  .record(z.string().min(1), modelLimits)
  .default({})
  .describe("By model; `*` holds for each that is not named");

const address = z
  .url({ protocol: /^https?$/, error: "an http or https address" })
  .refine((url) => !/\/\/[^/]*@/.test(url), "no user and no password: keys come from the environment")
  .transform((url) => url.replace(/\/+$/, ""));

const keysFrom = z
  .string()
  .regex(/^(?!BREAKWATER_)[A-Z][A-Z0-9_]*$/, "the name of an environment variable, not of one of Breakwater's own")
  .describe("The environment variable that holds the keys, comma separated");

const pricedAs = z
  .string()
  .min(1)
  .optional()
  .describe("The provider's name in the price table; its name here when absent");

/** What harnesses that name a compliance scheme are held to. */
const terms = {
  region: region.optional(),
  agreements: z.array(agreement).default([]).describe("Signed with it, or read of it"),
};

/** Any server that speaks OpenAI's chat completions. */
const openaiLayout = z.strictObject({
  layout: z.literal("openai"),
  baseUrl: address.describe("Ends in /v1, mostly"),
  keysFrom: keysFrom.optional().describe("None for a server that takes no keys"),
  pricedAs,
  limits,
  ...terms,
  maxTokensField: z
    .enum(["max_tokens", "max_completion_tokens"])
    .default("max_tokens")
    .describe("What the server calls the limit of an answer"),
  structuredOutput: z
    .enum(["json_schema", "json_object", "none"])
    .default("json_schema")
    .describe("How it is asked for JSON: by the schema, as any object, or by the prompt alone"),
  streamUsage: z.boolean().default(true).describe("Whether it takes stream_options.include_usage"),
});

const anthropicLayout = z.strictObject({
  layout: z.literal("anthropic"),
  baseUrl: address.describe("Without /v1"),
  keysFrom: keysFrom.optional(),
  pricedAs,
  limits,
  ...terms,
});

/** The first version that reports a stream's usage and knows max_completion_tokens. */
const oldestAzure = "2024-10-21";

const azureLayout = z.strictObject({
  layout: z.literal("azure"),
  endpoint: address.describe("https://NAME.openai.azure.com"),
  apiVersion: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(?:-preview)?$/, "a date, perhaps with -preview")
    .refine((version) => version.slice(0, 10) >= oldestAzure, `${oldestAzure} or newer`),
  keysFrom,
  pricedAs: pricedAs.default("azure"),
  limits,
  ...terms,
  deployments: z
    .record(z.string().min(1), z.string().regex(/^[\w.-]{1,64}$/, "a deployment's name"))
    .default({})
    .describe("Deployment of each model; one that is not named is deployed under its own name"),
});

const entry = z.discriminatedUnion("layout", [openaiLayout, anthropicLayout, azureLayout]);

/** OpenAI and Anthropic are found by variables of their own. */
const builtIn = z.strictObject(
  { limits, ...terms },
  "keys and address come from this provider's own variables: only limits, region and agreements here",
);

export const providersFile = z
  .strictObject({ openai: builtIn.optional(), anthropic: builtIn.optional() })
  .catchall(entry)
  .superRefine((providers, context) => {
    for (const name of Object.keys(providers)) {
      const named = providerName.safeParse(name);
      if (!named.success) context.addIssue({ code: "custom", path: [name], message: named.error.issues[0]?.message });
    }
  });

/** Of all processes together; absent: not limited. */
export type ModelLimits = z.output<typeof modelLimits>;
export type ProviderEntry = z.output<typeof entry>;
export type ProvidersFile = z.output<typeof providersFile>;

/** @throws ConfigError naming the file, the place in it and the rule. */
export function readProvidersFile(file: string): ProvidersFile {
  const wrong = (problems: readonly string[]): ConfigError =>
    new ConfigError(problems.map((problem) => `BREAKWATER_PROVIDERS_FILE: ${file}: ${problem}`).join("\n"));
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw wrong([error instanceof SyntaxError ? "it is not JSON" : "it cannot be read"]);
  }
  const parsed = providersFile.safeParse(value);
  if (parsed.success) return parsed.data;
  throw wrong(parsed.error.issues.map(({ path, message }) => `/${path.map(String).join("/")}: ${message}`));
}
