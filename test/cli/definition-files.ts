/** Definitions and packs as files of a folder that ends with the tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";

export interface DefinitionFiles {
  readonly folder: string;
  /** Writes it, with the folders on its way; its full path. */
  readonly file: (name: string, content: string) => string;
}

export function openDefinitionFiles(): DefinitionFiles {
  const folder = mkdtempSync(path.join(tmpdir(), "breakwater-definitions-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string): string => {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  };
  return { folder, file };
}

/** The smallest definition, and more lines of YAML. */
export const yamlOf = (name: string, more = ""): string => `name: ${name}
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
prompt: { user: "Say it shorter: {{text}}" }
models: [{ provider: openai, model: gpt-4o }]
${more}`;
