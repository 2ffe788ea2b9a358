/** `harness lint` as a user runs it, its exit statuses, and `harness apply` on what lint finds. */
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { runCommandLine } from "../../services/cli/program/command-line.ts";
import { openDefinitionFiles, yamlOf } from "./definition-files.ts";

const { folder, file } = openDefinitionFiles();

const providers = file(
  "providers.json",
  JSON.stringify({ openai: { region: "us", agreements: ["baa", "dpa", "scc"] } }),
);

async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const text = { out: "", err: "" };
  const code = await runCommandLine(words, env, {
    stdout: { write: (part: string) => ((text.out += part), true) },
    stderr: { write: (part: string) => ((text.err += part), true) },
  });
  return { code, ...text };
}

const document = z.object({
  harnesses: z.array(
    z.object({
      file: z.string(),
      harness: z.string().optional(),
      impossible: z.array(z.string()),
      presets: z.array(
        z.object({
          preset: z.string(),
          lines: z.int(),
          shortfalls: z.array(z.record(z.enum(["scheme", "clause", "why", "path", "of", "what", "mend"]), z.string())),
        }),
      ),
    }),
  ),
});

test("a harness by its name that names no preset has nothing to mend: 0", async () => {
  const { code, out } = await run(["harness", "lint", "summarise"]);
  assert.equal(code, 0, out);
  assert.match(out, /^summarise \(.*harness\.ts\)\n {2}nothing to mend/);
});

test("held to a preset: what, why, clause and how to mend it, a block a place: 1", async () => {
  const { code, out } = await run(["harness", "lint", "summarise", "--preset", "hipaa"]);
  assert.equal(code, 1);
  assert.match(out, /hipaa: keeps 20 of 22 lines\n {4}\/models\/0\/provider: no baa is noted for openai\n/);
  assert.match(out, /why: {2}45 CFR 164\.308\(b\)\(1\), 164\.504\(e\): .+\n {6}mend: .*agreements of openai/);
});

test("with the terms of its providers and the ledger's years it keeps every line: 0", async () => {
  const harness = file("kept.yaml", yamlOf("kept", "compliance: [hipaa, gdpr]"));
  const env = { BREAKWATER_PROVIDERS_FILE: providers, BREAKWATER_LEDGER_AUDIT_DAYS: "0" };
  const { code, out } = await run(["harness", "lint", harness], env);
  assert.equal(code, 0, out);
  assert.match(out, /hipaa: keeps 22 of 22 lines\n {2}gdpr: keeps 15 of 15 lines/);
});

test("as JSON, every place has its scheme, clause and mend", async () => {
  const harness = file("json.yaml", yamlOf("json"));
  const { code, out } = await run(["harness", "lint", harness, "--preset", "pci", "soc2", "--json"]);
  assert.equal(code, 1);
  const [linted] = document.parse(JSON.parse(out)).harnesses;
  assert.deepEqual([linted?.harness, linted?.impossible], ["json", []]);
  assert.deepEqual(
    linted?.presets.map(({ preset, shortfalls }) => [preset, shortfalls.map((each) => each["path"])]),
    [
      ["pci", ["/knobs/pii/entities/card", "/models/0/provider"]],
      ["soc2", ["/knobs/pii/entities/secret", "/models/0/provider"]],
    ],
  );
});

test("a file that apply would refuse is told with its lines, the others are judged: 2", async () => {
  const places = mkdtempSync(path.join(folder, "many-"));
  writeFileSync(path.join(places, "a.yaml"), yamlOf("a", "helpAnswer: call\nknobs: { content: { self_harm: flag } }"));
  writeFileSync(path.join(places, "b.yaml"), yamlOf("b"));
  const { code, out } = await run(["harness", "lint", places]);
  assert.equal(code, 2);
  assert.match(out, /a\.yaml\n {2}line 6: \/helpAnswer: .*\(policy_can_act\)\nb \(.*b\.yaml\)\n {2}nothing to mend/);
});

test("a name that nobody has and a preset that is none are mistakes of the command line: 2", async () => {
  const unknown = await run(["harness", "lint", "nobody"]);
  assert.deepEqual([unknown.code, /nobody is neither a file nor one of/.test(unknown.err)], [2, true]);
  const iso = await run(["harness", "lint", "summarise", "--preset", "iso"]);
  assert.deepEqual([iso.code, /--preset: .*"hipaa"/.test(iso.err)], [2, true]);
});

test("apply holds a definition to the presets it names, providers included, with field, rule and clause", async () => {
  const harness = file("applied.yaml", yamlOf("applied", "compliance: [hipaa]"));
  const refused = await run(["harness", "apply", harness, "--check"]);
  assert.equal(refused.code, 2);
  assert.match(
    refused.err,
    /applied\.yaml: \/models\/0\/provider: no baa is noted for openai, against hipaa \(45 CFR 164\.308\(b\)\(1\), 164\.504\(e\)\); .*\(compliance_provider\)/,
  );
  const taken = await run(["harness", "apply", harness, "--check"], { BREAKWATER_PROVIDERS_FILE: providers });
  assert.equal(taken.code, 0, taken.err);
  assert.match(taken.err, /hipaa: BREAKWATER_LEDGER_AUDIT_DAYS: the ledger keeps decisions for 400 days, not 2192/);
});

test("apply refuses what lint calls impossible, and what falls short by the author's own hand", async () => {
  const idle = await run([
    "harness",
    "apply",
    file("idle.yaml", yamlOf("idle", "maxAttempts: 1\nknobs: { output: { reask: true } }")),
    "--check",
  ]);
  assert.deepEqual([idle.code, /\/knobs\/output\/reask: .*\(policy_can_act\)/.test(idle.err)], [2, true]);
  const weak = file("weak.yaml", yamlOf("weak", 'compliance: [hipaa]\nknobs: { leaks: { personalData: "off" } }'));
  const refused = await run(["harness", "apply", weak, "--check"], { BREAKWATER_PROVIDERS_FILE: providers });
  assert.equal(refused.code, 2);
  assert.match(
    refused.err,
    /\/knobs\/leaks\/personalData: off is weaker than flag, against hipaa .*\(compliance_definition\)/,
  );
});
