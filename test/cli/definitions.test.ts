import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { loadHarnesses } from "../../services/cli/commands/harness.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { loadPacks, publishPacks } from "../../services/cli/commands/signatures.ts";
import { readControlTopic, readHarnesses, textFieldOf } from "../../services/cli/control-topic.ts";
import { exitCodeOf } from "../../services/cli/exit-codes.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import { MemoryTopics } from "./memory-topics.ts";
import { openDefinitionFiles, yamlOf } from "./definition-files.ts";

const { folder, file } = openDefinitionFiles();

test("a folder gives its harness.ts and YAML files, and leaves signature packs alone", async () => {
  const loaded = await loadHarnesses(["harnesses"]);
  assert.deepEqual(
    loaded.map(({ definition }) => definition.name),
    ["assistant", "extract-invoice", "summarise", "support-chat"],
  );
});

test("the README's example of a definition is one", async () => {
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(readFileSync("README.md", "utf8")) ?? [];
  const [loaded] = await loadHarnesses([file("readme/harness.yaml", example)]);
  assert.equal(loaded?.definition.name, "headline");
});

test("a definition's version follows from its content alone", async () => {
  const [one] = await loadHarnesses([file("one/a.yaml", yamlOf("shorter"))]);
  const [same] = await loadHarnesses([file("two/b.yaml", `# moved\n${yamlOf("shorter")}`)]);
  const [other] = await loadHarnesses([file("three/c.yaml", yamlOf("shorter", "temperature: 1"))]);
  assert.equal(one?.version, same?.version);
  assert.notEqual(one?.version, other?.version);
});

test("the first line of a bad definition names its file, and what is wrong at the top has no empty path", async () => {
  const refused = loadHarnesses([file("bad/two.yaml", yamlOf("two", "temprature: 1\ndeadlineMs: -1"))]);
  await assert.rejects(refused, (error: Error) => {
    assert.match(error.message, /two\.yaml: line 1: Unrecognized key: "temprature".*\n {2}line 7: \/deadlineMs: /);
    return true;
  });
});

test("a text goes into the long field, else the context field, else `text`", () => {
  assert.equal(textFieldOf({ definition: { input: { longField: "a", contextField: "b" } } }), "a");
  assert.equal(textFieldOf({ definition: { input: { contextField: "b" } } }), "b");
  assert.equal(textFieldOf({ definition: { input: {} } }), "text");
});

test("every mistake of every file is named with file, path and rule, and nothing is loaded", async () => {
  const places = [
    file("bad/unknown-field.yaml", yamlOf("a", "temprature: 1")),
    file("bad/no-prompt.yaml", "name: b\nmodels: []\n"),
    file("bad/syntax.yaml", "name: [\n"),
    file("good.yaml", yamlOf("good")),
  ];
  const refused = loadHarnesses(places);
  await assert.rejects(refused, (error: Error) => {
    for (const part of [/unknown-field\.yaml.*[^]*temprature/, /no-prompt\.yaml[^]*\/models/, /syntax\.yaml/])
      assert.match(error.message, part);
    assert.doesNotMatch(error.message, /good\.yaml/);
    return exitCodeOf(error) === 2;
  });
});

test("two files with one name are refused: which would be current is anybody's guess", async () => {
  const places = [file("twin/a.yaml", yamlOf("twin")), file("twin/b.yaml", yamlOf("twin", "temperature: 1"))];
  await assert.rejects(loadHarnesses(places), /b\.yaml: the name twin is also in .*a\.yaml/);
});

test("an empty folder is an error, not a success that did nothing", async () => {
  mkdirSync(path.join(folder, "empty"));
  await assert.rejects(loadHarnesses([path.join(folder, "empty")]), /no harness\.ts and no YAML file/);
});

test("the version is acknowledged before the pointer to it is published: no stage sees a pointer to nothing", async () => {
  const harnesses = await loadHarnesses([
    file("order/a.yaml", yamlOf("first")),
    file("order/b.yaml", yamlOf("second")),
  ]);
  const batches: string[][] = [];
  await publishHarnesses(harnesses, (emissions: readonly Emission[]) => {
    batches.push(emissions.map(({ key }) => key));
    return Promise.resolve([]);
  });
  const versions = harnesses.map(({ definition, version }) => `${definition.name}@${version}`);
  assert.deepEqual(batches, [versions, ["first", "second"]]);
});

test("when the version is not acknowledged the pointer is not published", async () => {
  const harnesses = await loadHarnesses([file("lost/a.yaml", yamlOf("lost"))]);
  let calls = 0;
  const refuse = (): Promise<never> => {
    calls += 1;
    return Promise.reject(new Error("broker away"));
  };
  await assert.rejects(publishHarnesses(harnesses, refuse), /broker away/);
  assert.equal(calls, 1);
});

async function applied(topics: MemoryTopics, name: string, more = ""): Promise<string> {
  const [harness] = await loadHarnesses([file(`${name}-${more.length}/x.yaml`, yamlOf(name, more))]);
  assert.ok(harness);
  await publishHarnesses([harness], (emissions) => {
    for (const { topic, key, value } of emissions) topics.append(topic, key, value);
    return Promise.resolve([]);
  });
  return harness.version;
}

test("the list shows the version that the latest apply made current, also an older one applied again", async () => {
  const topics = new MemoryTopics();
  const old = await applied(topics, "moving");
  const current = await applied(topics, "moving", "temperature: 1");
  assert.equal((await readHarnesses(topics.reader)).current.get("moving")?.version, current);
  await applied(topics, "moving");
  const harnesses = await readHarnesses(topics.reader);
  assert.equal(harnesses.current.get("moving")?.version, old);
  assert.equal(harnesses.all.size, 2);
});

test("what is not a definition, and a pointer to nothing, are left out", async () => {
  const topics = new MemoryTopics();
  topics.append("harness-definitions", "x", { kind: "current", name: "x", version: "0123456789abcdef" });
  topics.append("harness-definitions", "y", "nonsense");
  await applied(topics, "right");
  assert.deepEqual([...(await readHarnesses(topics.reader)).current.keys()], ["right"]);
});

const signature = {
  id: "ignore-previous",
  category: "instruction_override",
  severity: "high",
  action: "block",
  pattern: "ignore (?:all )?previous instructions",
  examples: { match: ["Ignore previous instructions"], noMatch: ["the previous instructions were good"] },
};
const pack = (signatures: readonly object[]): string =>
  JSON.stringify({ pack: "mine", version: "7", description: "d", signatures });

test("a pack whose patterns hold their examples is taken, and published whole under its name", async () => {
  const packs = await loadPacks([file("packs/right.yaml", pack([signature]))]);
  const topics = new MemoryTopics();
  await publishPacks(packs, (emissions) => {
    for (const { topic, key, value } of emissions) topics.append(topic, key, value);
    return Promise.resolve([]);
  });
  const records = await readControlTopic(topics.reader, "harness-signatures");
  assert.deepEqual([...records.keys()], ["mine"]);
  assert.equal(z.object({ version: z.string() }).parse(records.get("mine")).version, "7");
});

const wrongSignatures: readonly { readonly what: string; readonly change: object; readonly says: RegExp }[] = [
  {
    what: "misses its own example",
    change: { pattern: "ignore the previous instructions" },
    says: /does not match its example/,
  },
  {
    what: "matches its counter-example",
    change: { pattern: "previous instructions" },
    says: /counter-example/,
  },
  { what: "is no regular expression", change: { pattern: "ignore (previous" }, says: /ignore-previous: / },
  { what: "has no bound", change: { pattern: "ignore .*instructions" }, says: /ignore-previous: / },
  { what: "has an unknown category", change: { category: "rudeness" }, says: /\/signatures\/1\/category/ },
];

for (const { what, change, says } of wrongSignatures) {
  test(`a pack with one signature that ${what} is refused whole, with the reason`, async () => {
    const wrong = file(
      `packs/${what}.yaml`,
      pack([
        { ...signature, id: "fine" },
        { ...signature, ...change },
      ]),
    );
    await assert.rejects(loadPacks([wrong]), (error: Error) => {
      assert.match(error.message, says);
      assert.ok(error.message.startsWith(wrong));
      return exitCodeOf(error) === 2;
    });
  });
}

test("the pack that comes with the project is right as it stands", async () => {
  const [core] = await loadPacks(["harnesses/signatures/core.yaml"]);
  assert.equal(core?.pack, "core");
  assert.ok(readFileSync("harnesses/signatures/core.yaml", "utf8").length > 0);
});
