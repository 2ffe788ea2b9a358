/**
 * Registers the committed JSON Schema of every topic under `<topic>-value`, by
 * the registry's own HTTP API. Doing it again changes nothing. A schema that
 * the registry finds incompatible is an error that names the topic.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { catalog } from "../../../topics/catalog.ts";
import { readConfig, type Environment } from "../../runtime/config.ts";
import { ConfigError, TransientError } from "../../runtime/errors.ts";

const folder = path.resolve(import.meta.dirname, "../../../schemas/registry");

/** Returns how many were registered: none when no registry is set. */
export async function registerSchemas(env: Environment): Promise<number> {
  const config = readConfig(["SCHEMA_REGISTRY_URL", "SCHEMA_REGISTRY_USER", "SCHEMA_REGISTRY_PASSWORD"], env);
  const { SCHEMA_REGISTRY_URL: url, SCHEMA_REGISTRY_USER: user, SCHEMA_REGISTRY_PASSWORD: password } = config;
  if (url === undefined) return 0;
  const headers: Record<string, string> = { "content-type": "application/vnd.schemaregistry.v1+json" };
  if (user !== undefined)
    headers["authorization"] = `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}`;
  for (const { name } of catalog) {
    const schema = await readFile(path.join(folder, `${name}.json`), "utf8");
    const address = new URL(`subjects/${name}-value/versions`, url.endsWith("/") ? url : `${url}/`);
    await register(
      name,
      new Request(address, { method: "POST", headers, body: JSON.stringify({ schemaType: "JSON", schema }) }),
    );
  }
  return catalog.length;
}

async function register(topic: string, request: Request): Promise<void> {
  const response = await fetch(request).catch((error: unknown) => {
    throw new TransientError(
      "registry_unavailable",
      `the schema registry at ${new URL(request.url).origin} does not answer`,
      error,
    );
  });
  const text = await response.text();
  if (!response.ok)
    throw new ConfigError(
      `the schema registry refuses the schema of ${topic} (HTTP ${response.status}): ${text.slice(0, 300)}`,
    );
}
