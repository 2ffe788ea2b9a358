/**
 * Every pack that ships compiles (which runs its examples), and together they
 * hold what the documentation promises: how many, in which languages, of what.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { signatureCategory, signaturePack } from "../../schemas/control/signature-pack.ts";
import { compilePack } from "../../services/guards/injection/compile-pack.ts";

const folder = "harnesses/signatures";
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
const packs = files.map((file) => ({
  file,
  pack: signaturePack.parse(parse(readFileSync(`${folder}/${file}`, "utf8"))),
}));
const signatures = packs.flatMap(({ pack }) => pack.signatures);

for (const { file, pack } of packs) {
  test(`${file} compiles, and each signature matches its examples and none of its counter-examples`, () => {
    const verdict = compilePack(pack);
    assert.deepEqual(verdict.kind === "rejected" ? verdict.reasons : [], []);
  });

  test(`${file} bears the name of its pack`, () => assert.equal(`${pack.pack}.yaml`, file));
}

test("every category is covered", () => {
  assert.deepEqual(new Set(signatures.map(({ category }) => category)), new Set(signatureCategory.options));
});

test("no pattern is written twice", () => {
  const patterns = signatures.map(({ pattern }) => pattern);
  assert.equal(new Set(patterns).size, patterns.length);
});

test("no critical signature merely flags", () => {
  const lenient = signatures.filter(({ severity, action }) => severity === "critical" && action === "flag");
  assert.deepEqual(
    lenient.map(({ id }) => id),
    [],
  );
});
