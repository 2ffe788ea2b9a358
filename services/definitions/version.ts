/**
 * The version of a definition is a hash of its content: the same definition
 * has the same version wherever it is applied, and any change has another.
 */
import { createHash } from "node:crypto";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { canonicalJson } from "./canonical-json.ts";

/** First 16 hex digits of the SHA-256 of the canonical JSON. */
export function definitionVersion(definition: HarnessDefinition): string {
  return createHash("sha256").update(canonicalJson(definition)).digest("hex").slice(0, 16);
}
