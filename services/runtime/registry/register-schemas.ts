/**
 * Registers the committed schemas at deploy, never at run time: the JSON Schema
 * of each topic under `<topic>-value`, and requests in Avro under the record's
 * full name. Doing it again changes nothing.
 * Our own check (schemas/generate.ts) guards compatibility. The registry's rule
 * for JSON Schema would refuse any field added to an open record, so a JSON
 * subject without a level of its own is set to NONE; a level that an operator
 * has set stays.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { catalog } from "../../../topics/catalog.ts";
import { ConfigError, TransientError } from "../errors.ts";
import {
  openRegistryRequests,
  type RegistryAnswer,
  type RegistryConfig,
  type RegistryRequest,
} from "./registry-client.ts";

const folder = path.resolve(import.meta.dirname, "../../../schemas/registry");

export const avroRequestSubject = "breakwater.RunRequest";

interface Registration {
  readonly subject: string;
  readonly file: string;
  readonly schemaType: "JSON" | "AVRO";
}

const registrations: readonly Registration[] = [
  ...catalog.map(({ name }) => ({ subject: `${name}-value`, file: `${name}.json`, schemaType: "JSON" as const })),
  { subject: avroRequestSubject, file: "harness-requests.avsc", schemaType: "AVRO" },
];

/**
 * Returns the subjects registered, old or new. Errors: TransientError
 * registry_unavailable; ConfigError when the registry refuses us or a schema.
 */
export async function registerSchemas(config: RegistryConfig): Promise<string[]> {
  const request = openRegistryRequests(config);
  for (const { subject, file, schemaType } of registrations) {
    const at = encodeURIComponent(subject);
    if (schemaType === "JSON") await setLevelIfNone(request, at);
    const schema = await readFile(path.join(folder, file), "utf8");
    checked(subject, await request("POST", `/subjects/${at}/versions`, { schemaType, schema }));
  }
  return registrations.map(({ subject }) => subject);
}

async function setLevelIfNone(request: RegistryRequest, subject: string): Promise<void> {
  const level = await request("GET", `/config/${subject}`);
  if (level.status === 404) checked(subject, await request("PUT", `/config/${subject}`, { compatibility: "NONE" }));
  else checked(subject, level);
}

function checked(subject: string, { status, message }: RegistryAnswer): void {
  if (status < 300) return;
  if (status >= 500 || status === 429)
    throw new TransientError(
      "registry_unavailable",
      `the schema registry answers ${status} for ${subject}: ${message}`,
    );
  if (status === 401 || status === 403)
    throw new ConfigError("the schema registry refuses us: check SCHEMA_REGISTRY_USER and SCHEMA_REGISTRY_PASSWORD");
  throw new ConfigError(`the schema registry refuses the schema of ${subject} (${status}): ${message}`);
}
