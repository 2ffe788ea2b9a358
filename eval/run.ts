/**
 * `npm run eval -- input`: what the input guards catch and what they wrongly
 * accuse, per set and policy level, on the samples of eval/data. Prints tables,
 * or one JSON document with --json. --dev measures the half that signatures
 * and weights were made on, for whoever works on them.
 */
import { parseArgs } from "node:util";
import { loadSamples } from "./corpus/sets.ts";
import { measureInjection } from "./input/injection.ts";
import { openGuards } from "./input/open-guards.ts";
import { percent, table } from "./input/table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dev: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const [command] = positionals;

if (command !== "input") {
  process.stderr.write("usage: npm run eval -- input [--dev] [--json]\n");
  process.exit(2);
}

const guards = openGuards();
const half = values.dev ? "dev" : "test";
const injection = measureInjection(loadSamples(), half, guards);
if (values.json) process.stdout.write(`${JSON.stringify({ half, packs: guards.packs, injection }, null, 2)}\n`);
else
  process.stdout.write(
    table(
      `Injection, ${half} half, ${guards.packs.join(", ")}: % of texts found`,
      ["kind", "set", "texts", "block", "flag"],
      injection.map(({ kind, set, texts, signatureBlock, signatureFlag }) => [
        kind,
        set,
        texts,
        percent(signatureBlock),
        percent(signatureFlag),
      ]),
    ),
  );
