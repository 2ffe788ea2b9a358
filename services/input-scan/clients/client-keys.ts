/**
 * Who the clients are, from a JSON file that only operators write: the keys
 * they sign their requests with, their limits, the topics that belong to one
 * client alone, and the keys of gateways, which vouch for all. Read once, at start; a file that is wrong stops the start.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "../../runtime/errors.ts";

const key = z.string().min(16, "at least 16 characters");

const client = z.strictObject({
  keys: z.array(key).min(1).optional().describe("Any of them signs: the old and the new one while a key is replaced"),
  requestsPerMinute: z.int().positive().optional().describe("Over all harnesses, counted by each input-scan process"),
  promptTokens: z.int().positive().optional().describe("A prompt estimated higher than this is refused"),
});

export const clientsFile = z.strictObject({
  clients: z.record(z.string().min(1).max(128), client),
  topics: z
    .record(z.string(), z.string())
    .default({})
    .describe("Topics that only the named client can write to, by the broker's access rules"),
  gateways: z
    .array(key)
    .default([])
    .describe("Keys of gateways: what one of them signs is believed whichever client it names"),
});

export type Client = z.output<typeof client>;
export type Clients = z.output<typeof clientsFile>;

export const noClients: Clients = { clients: {}, topics: {}, gateways: [] };

/** @throws ConfigError naming the file, the place in it and the rule, never a key. */
export function readClients(file: string): Clients {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : "it cannot be read";
    throw new ConfigError(`BREAKWATER_CLIENT_KEYS_FILE: ${file}: ${why}`);
  }
  const parsed = clientsFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `/${path.map(String).join("/")}: ${message}`);
  throw new ConfigError(problems.map((problem) => `BREAKWATER_CLIENT_KEYS_FILE: ${file}: ${problem}`).join("\n"));
}
