/**
 * The verifier that an evidence pack carries: `node verify.mjs [--key <public
 * key>] [--json]`. Judges the pack it lies in; exit status 0 when it is whole, 1
 * when not. Needs Node 22 or newer, and nothing else.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { packText } from "./proof-text.ts";
import { judgePack } from "./read-pack.ts";

const { values } = parseArgs({
  options: { key: { type: "string", multiple: true }, json: { type: "boolean", default: false } },
});
const verdict = judgePack(path.join(import.meta.dirname, ".."), values.key === undefined ? null : new Set(values.key));
process.stdout.write(values.json ? `${JSON.stringify(verdict)}\n` : `${packText(verdict).join("\n")}\n`);
process.exitCode = verdict.fault === null && verdict.links > 0 ? 0 : 1;
