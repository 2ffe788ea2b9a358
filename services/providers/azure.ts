/**
 * One call to Azure's OpenAI, by the SDK's own client for it: the model's
 * deployment is in the path, the version in the query, the key in `api-key`.
 * All else is OpenAI's, and so are its readers.
 */
import { AzureOpenAI } from "openai";
import type { Transport } from "./http/http-transport.ts";
import { completionCaller, quietClient, type CompletionCaller } from "./openai.ts";

export interface AzureSettings {
  readonly apiKey: string;
  /** Without /openai. */
  readonly endpoint: string;
  readonly apiVersion: string;
  /** By model; one that is not named is deployed under its own name. */
  readonly deployments: Readonly<Record<string, string>>;
  readonly transport: Transport;
}

const dialect = {
  maxTokensField: "max_completion_tokens",
  structuredOutput: "json_schema",
  streamUsage: true,
} as const;

export function openAzure({ apiKey, endpoint, apiVersion, deployments, transport }: AzureSettings): CompletionCaller {
  // Not `endpoint`: beside an OPENAI_BASE_URL in the environment the client refuses it.
  const client = new AzureOpenAI({ apiKey, apiVersion, baseURL: `${endpoint}/openai`, ...quietClient(transport) });
  const nameOf = (model: string): string =>
    (Object.hasOwn(deployments, model) ? deployments[model] : undefined) ?? model;
  return completionCaller({ client, transport, dialect, nameOf });
}
