/**
 * The verifier of an evidence pack: the very sources that judge a chain here,
 * less their types, so that the two cannot drift. It needs Node alone.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";

const services = path.join(import.meta.dirname, "../..");

const sources = [
  "definitions/canonical-json.ts",
  "audit-chain/tags.ts",
  "audit-chain/link.ts",
  "audit-chain/read-link.ts",
  "audit-chain/signed-head.ts",
  "audit-chain/find-fault.ts",
  "audit-chain/judge-chain.ts",
  "audit-chain/judge-selection.ts",
  "audit-chain/read-pack.ts",
  "audit-chain/proof-text.ts",
  "audit-chain/verify-pack.ts",
] as const;

/** By their paths within the pack. */
export function verifierFiles(): ReadonlyMap<string, string> {
  const files = sources.map((source) => {
    const text = withoutTypes(readFileSync(path.join(services, source), "utf8"));
    const plain = text.replaceAll(/from "(?:\.\.\/definitions|\.)\/([a-z-]+)\.ts"/g, 'from "./$1.mjs"');
    return [`verifier/${path.basename(source, ".ts")}.mjs`, tidied(plain)] as const;
  });
  const start = `// Proves this pack: node verify.mjs [--key <public key>] [--json]\nimport "./verifier/verify-pack.mjs";\n`;
  return new Map([["verify.mjs", start], ...files]);
}

/** Node says each time that this may change, to whoever exports. */
function withoutTypes(text: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Where types were, white space is left. */
function tidied(text: string): string {
  return text
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .replaceAll(/(?<=[\w),]) {2,}(?=\S)/g, " ");
}
