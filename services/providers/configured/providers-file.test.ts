/** The providers file: what it may say, what stops the start, and what is made of it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { ConfigError } from "../../runtime/errors.ts";
import { openProviderBook } from "./provider-book.ts";
import { providerKeys } from "./provider-keys.ts";
import { readProvidersFile } from "./providers-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-providers-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function fileOf(content: unknown): string {
  const file = path.join(folder, `${(files += 1)}.json`);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const groq = { layout: "openai", baseUrl: "https://api.groq.com/openai/v1/", keysFrom: "GROQ_API_KEY" };
const azure = {
  layout: "azure",
  endpoint: "https://name.openai.azure.com",
  apiVersion: "2024-10-21",
  keysFrom: "AZURE_OPENAI_API_KEY",
};

test("a provider is read with its defaults, its address without the last slash", () => {
  assert.deepEqual(readProvidersFile(fileOf({ groq, azure })), {
    groq: {
      ...groq,
      baseUrl: "https://api.groq.com/openai/v1",
      limits: {},
      agreements: [],
      maxTokensField: "max_tokens",
      structuredOutput: "json_schema",
      streamUsage: true,
    },
    azure: { ...azure, pricedAs: "azure", limits: {}, agreements: [], deployments: {} },
  });
});

const wrong: readonly [what: string, content: unknown, says: RegExp][] = [
  ["that is no JSON", "{", /it is not JSON/],
  ["with a name in capitals", { Groq: groq }, /\/Groq: lower case letters/],
  [
    "with a layout that nobody speaks",
    { x: { layout: "cohere" } },
    /\/x\/layout: .*'openai' \| 'anthropic' \| 'azure'/,
  ],
  ["with an address that is none", { groq: { ...groq, baseUrl: "groq.com" } }, /\/groq\/baseUrl: an http or https/],
  [
    "with a password in an address",
    { groq: { ...groq, baseUrl: "https://u:hunter2@groq.com" } },
    /\/groq\/baseUrl: no user and no password/,
  ],
  ["with a key in place of its variable", { groq: { ...groq, keysFrom: "gsk-hunter2" } }, /\/groq\/keysFrom: the name/],
  ["with a key beside it", { groq: { ...groq, apiKey: "gsk-hunter2" } }, /\/groq: Unrecognized key: "apiKey"/],
  ["with keys from one of our variables", { groq: { ...groq, keysFrom: "BREAKWATER_X" } }, /\/groq\/keysFrom/],
  ["with a misspelt limit", { groq: { ...groq, limits: { m: { rpm: 1 } } } }, /\/groq\/limits\/m: .*"rpm"/],
  ["with a limit of nothing", { groq: { ...groq, limits: { m: { maxConcurrent: 0 } } } }, /\/groq\/limits\/m\/maxConc/],
  [
    "with Azure of an old version",
    { azure: { ...azure, apiVersion: "2024-06-01" } },
    /apiVersion: 2024-10-21 or newer/,
  ],
  ["with Azure of no version", { azure: { ...azure, apiVersion: "latest" } }, /\/azure\/apiVersion: a date/],
  ["with a deployment that is a path", { azure: { ...azure, deployments: { m: "a/b" } } }, /\/azure\/deployments\/m/],
  ["that gives OpenAI an address", { openai: groq }, /\/openai: .*only limits, region and agreements here/],
  ["with a region that is none", { openai: { region: "Europe" } }, /\/openai\/region: two lower case letters/],
  ["with an agreement nobody knows", { groq: { ...groq, agreements: ["nda"] } }, /\/groq\/agreements\/0/],
];
for (const [what, content, says] of wrong) {
  test(`a file ${what} stops the start, with the place and the rule and no key`, () => {
    assert.throws(
      () => openProviderBook({ BREAKWATER_PROVIDERS_FILE: fileOf(content) }),
      (error: unknown) =>
        error instanceof ConfigError && says.test(error.message) && !error.message.includes("hunter2"),
    );
  });
}

test("a file that is not there stops the start", () => {
  assert.throws(() => readProvidersFile(path.join(folder, "none.json")), /none\.json: it cannot be read/);
});

test("OpenAI and Anthropic are there without a file, and take their address from their variables", () => {
  const book = openProviderBook({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
  const addresses = [...book.entries].map(([name, entry]) => [name, "baseUrl" in entry ? entry.baseUrl : null]);
  assert.deepEqual(addresses, [
    ["openai", "http://127.0.0.1:1/v1"],
    ["anthropic", "https://api.anthropic.com"],
  ]);
  assert.deepEqual(["openai", "groq", "constructor"].map(book.knows), [true, false, false]);
});

test("limits are a model's own, else those of every model, else none", () => {
  const file = fileOf({
    openai: { limits: { "gpt-4o": { requestsPerMinute: 500 } } },
    groq: { ...groq, limits: { "*": { maxConcurrent: 8 }, llama: { tokensPerMinute: 9 } } },
  });
  const { limitsOf } = openProviderBook({ BREAKWATER_PROVIDERS_FILE: file });
  assert.deepEqual(limitsOf("openai", "gpt-4o"), { requestsPerMinute: 500 });
  assert.deepEqual(limitsOf("openai", "gpt-4o-mini"), {});
  assert.deepEqual(limitsOf("groq", "llama"), { tokensPerMinute: 9 });
  assert.deepEqual(limitsOf("groq", "constructor"), { maxConcurrent: 8 });
  assert.deepEqual(limitsOf("nobody", "m"), {});
});

test("a provider is priced as the file says, as Azure in Azure's layout, else as its own name", () => {
  const file = fileOf({ groq, azure, "groq-eu": { ...groq, pricedAs: "groq" } });
  const { pricedAs } = openProviderBook({ BREAKWATER_PROVIDERS_FILE: file });
  const named = ["openai", "groq", "groq-eu", "azure", "nobody"].map(pricedAs);
  assert.deepEqual(named, ["openai", "groq", "groq", "azure", "nobody"]);
});

test("keys are in the variable that is named, comma separated; a server that takes none needs none", () => {
  const file = fileOf({ groq, local: { layout: "openai", baseUrl: "http://127.0.0.1:11434/v1" } });
  const config = { BREAKWATER_PROVIDERS_FILE: file, ANTHROPIC_API_KEY: "a, b," };
  const keys = providerKeys(openProviderBook(config), config, { GROQ_API_KEY: "g1,g2" });
  assert.deepEqual(Object.fromEntries(keys), {
    openai: [],
    anthropic: ["a", "b"],
    groq: ["g1", "g2"],
    local: ["none"],
  });
});

test("the keys may stand in a file that the variable with _FILE names", () => {
  const config = { BREAKWATER_PROVIDERS_FILE: fileOf({ groq }) };
  const keys = providerKeys(openProviderBook(config), config, { GROQ_API_KEY_FILE: fileOf("g1,g2\n") });
  assert.deepEqual(keys.get("groq"), ["g1", "g2"]);
});

test("a variable of keys that is not set stops the start, with its name", () => {
  const config = { BREAKWATER_PROVIDERS_FILE: fileOf({ groq, azure }) };
  const open = (): unknown => providerKeys(openProviderBook(config), config, { AZURE_OPENAI_API_KEY: "" });
  assert.throws(
    open,
    /\/groq\/keysFrom: GROQ_API_KEY is not set\n.*\/azure\/keysFrom: AZURE_OPENAI_API_KEY is not set/,
  );
});
