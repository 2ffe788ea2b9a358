/**
 * Requests to a Confluent-compatible schema registry, with our own time limit
 * and errors: the library's turn a refused connection into a status 400 and
 * drop the API's error code. An answer of any status is a value; no answer is a
 * TransientError registry_unavailable.
 */
import { z } from "zod";
import { TransientError } from "../errors.ts";

export interface RegistryConfig {
  readonly SCHEMA_REGISTRY_URL: string;
  readonly SCHEMA_REGISTRY_USER?: string | undefined;
  readonly SCHEMA_REGISTRY_PASSWORD?: string | undefined;
}

export interface RegistryAnswer {
  readonly status: number;
  /** The API's own code, such as 40403; null when the answer carries none. */
  readonly errorCode: number | null;
  /** What the API says for people; it can name subjects and fields, never values. */
  readonly message: string;
}

export type RegistryRequest = (method: "GET" | "POST" | "PUT", path: string, body?: unknown) => Promise<RegistryAnswer>;

const timeoutMs = 10_000;
const problem = z.object({ error_code: z.int(), message: z.string().default("") });

/** Without a slash at its end, as paths begin with one. */
export function registryHost({ SCHEMA_REGISTRY_URL: url }: RegistryConfig): string {
  return url.replace(/\/+$/, "");
}

export function openRegistryRequests(config: RegistryConfig): RegistryRequest {
  const host = registryHost(config);
  const headers = { "content-type": "application/vnd.schemaregistry.v1+json", ...authorization(config) };
  return async (method, path, body) => {
    const init = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
    try {
      const response = await fetch(
        `${host}${path}`,
        body === undefined ? init : { ...init, body: JSON.stringify(body) },
      );
      return answerOf(response.status, await response.text());
    } catch (error) {
      throw new TransientError("registry_unavailable", `the schema registry at ${host} does not answer`, error);
    }
  };
}

function authorization(config: RegistryConfig): { authorization?: string } {
  const { SCHEMA_REGISTRY_USER: user, SCHEMA_REGISTRY_PASSWORD: password = "" } = config;
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

function answerOf(status: number, text: string): RegistryAnswer {
  const parsed = problem.safeParse(jsonOrNull(text));
  if (!parsed.success) return { status, errorCode: null, message: `HTTP ${status}` };
  return { status, errorCode: parsed.data.error_code, message: parsed.data.message.slice(0, 500) };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
