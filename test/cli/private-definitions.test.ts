/** Applying definitions that say what becomes of personal data: the README's own, and what is refused, with file, path and rule. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { loadHarnesses } from "../../services/cli/commands/harness.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-private-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const least = `name: private
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
prompt: { user: "Say it shorter: {{text}}" }
models: [{ provider: openai, model: gpt-4o }]
`;

function file(name: string, more: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, least + more);
  return full;
}

test("the README's example of a policy on personal data can be applied", async () => {
  const section = readFileSync("README.md", "utf8").split("## Personal data")[1] ?? "";
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(section) ?? [];
  const [loaded] = await loadHarnesses([file("readme.yaml", example)]);
  const { entities, custom } = loaded?.definition.knobs.pii ?? {};
  assert.deepEqual([entities?.["card"], entities?.["email"], entities?.["phone"]], ["block", "pseudonymise", "hash"]);
  assert.deepEqual(
    custom?.map(({ name }) => name),
    ["claimNumber"],
  );
  assert.deepEqual(loaded?.definition.compliance, ["gdpr"]);
});

const refused: readonly [what: string, more: string, message: RegExp][] = [
  [
    "an action weaker than a scheme asks for",
    "compliance: [pci]\nknobs: { pii: { entities: { card: redact } } }",
    /refused\.yaml[^]*\/knobs\/pii\/entities\/card: redact is weaker than block, which pci asks for \(PCI DSS 4\.0 req\. 3\.2\.1, 3\.5\.1\) \(compliance_floor\)/,
  ],
  [
    "a pattern without bounds",
    'knobs: { pii: { custom: [{ name: badge, pattern: "b-\\\\d+", action: hash }] } }',
    /refused\.yaml[^]*\/knobs\/pii\/custom\/0\/pattern: an unbounded quantifier.*\(at character 5\) \(pattern_syntax\)/,
  ],
  [
    "a pattern that costs too much",
    'knobs: { pii: { custom: [{ name: badge, pattern: "[a-z]{1,20}[0-9]{1,20}", action: hash }] } }',
    /\/knobs\/pii\/custom\/0\/pattern: can match one start in 400 ways.*\(pattern_bounded\)/,
  ],
  ["a misspelt kind", "knobs: { pii: { entities: { emial: redact } } }", /\/knobs\/pii\/entities.*emial/],
  ["a misspelt action", "knobs: { pii: { entities: { email: anonymise } } }", /\/knobs\/pii\/entities\/email.*redact/],
];
for (const [what, more, message] of refused) {
  test(`${what} is refused with path and rule`, async () => {
    await assert.rejects(loadHarnesses([file("refused.yaml", more)]), message);
  });
}
