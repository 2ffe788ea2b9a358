/** Definitions over HTTP: which there are, their versions, and what differs between two. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { serverOf, nowMs } from "../../../test/support/gateway-parts.ts";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import { harnessRoutes } from "./harness-routes.ts";
import { differencesView, harnessesView, versionsView, versionView } from "./harness-views.ts";

const [first, second, third] = ["1".repeat(16), "2".repeat(16), "3".repeat(16)] as const;
const definitions: Readonly<Record<string, HarnessDefinition>> = {
  [third]: sampleHarness({ name: "summarise", maxAttempts: 1, description: "on trial" }),
  [second]: sampleHarness({ name: "summarise", maxAttempts: 2, fallbackAnswer: "sorry" }),
  [first]: sampleHarness({ name: "summarise" }),
};
let isLedgerAway = false;

const { server } = serverOf(
  harnessRoutes({
    nowMs: () => nowMs,
    ledger: {
      query: () =>
        isLedgerAway
          ? Promise.reject(new StoreError("unavailable", null, null))
          : Promise.resolve([
              { harness: "summarise", version: second, runs: "8", priced_runs: "7", cost_usd: "0.7" },
              { harness: "summarise", version: first, runs: "2", priced_runs: "0", cost_usd: null },
            ]),
    },
    harnesses: {
      names: () => ["summarise"],
      current: (name) => {
        const definition = name === "summarise" ? definitions[second] : undefined;
        return definition === undefined ? undefined : { kind: "definition", version: second, definition };
      },
      get: (name, version) => (name === "summarise" ? definitions[version] : undefined),
      standing: (name) =>
        name === "summarise"
          ? { version: second, canary: { version: third, share: 0.1 }, shadow: undefined }
          : undefined,
      versions: (name) =>
        name === "summarise"
          ? [third, second, first].flatMap((version) => {
              const definition = definitions[version];
              return definition === undefined ? [] : [{ kind: "definition" as const, version, definition }];
            })
          : [],
    },
  }),
);
after(() => server.close());

const get = (url: string, key = "admin") => server.inject({ url, headers: { "x-api-key": key } });

test("all harnesses are told with what new runs get, what is on trial and what their runs cost lately", async () => {
  const { harnesses } = harnessesView.parse((await get("/v1/harnesses")).json());
  assert.deepEqual(harnesses, [
    {
      name: "summarise",
      description: "",
      version: second,
      versions: 3,
      canary: { version: third, share: 0.1 },
      policy: "standard",
      models: [{ provider: "openai", model: "gpt-4o" }],
      recent: { runs: 10, priced_runs: 7, cost_usd: "0.7" },
    },
  ]);
});

test("versions are told with their part and their own costs", async () => {
  const { versions } = versionsView.parse((await get("/v1/harnesses/summarise/versions")).json());
  assert.deepEqual(
    versions.map(({ version, role, recent }) => [version, role, recent?.runs]),
    [
      [third, "canary", 0],
      [second, "current", 8],
      [first, "published", 2],
    ],
  );
});

test("a version is told whole", async () => {
  const found = versionView.parse((await get(`/v1/harnesses/summarise/versions/${first}`)).json());
  assert.deepEqual([found.role, found.definition], ["published", definitions[first]]);
});

test("what differs between two versions is told by its place", async () => {
  const url = `/v1/harnesses/summarise/versions/${second}/differences?from=${first}`;
  const { from, to, differences } = differencesView.parse((await get(url)).json());
  assert.deepEqual([from, to], [first, second]);
  assert.deepEqual(differences, [
    { kind: "changed", path: "/maxAttempts", before: 3, after: 2 },
    { kind: "added", path: "/fallbackAnswer", after: "sorry" },
  ]);
});

test("while the ledger is away, definitions are told without costs", async () => {
  isLedgerAway = true;
  const { harnesses } = harnessesView.parse((await get("/v1/harnesses")).json());
  isLedgerAway = false;
  assert.equal(harnesses[0]?.recent, null);
});

for (const [url, status] of [
  ["/v1/harnesses/nobody/versions", 404],
  ["/v1/harnesses/NOBODY/versions", 400],
  [`/v1/harnesses/summarise/versions/${"9".repeat(16)}`, 404],
  [`/v1/harnesses/nobody/versions/${first}`, 404],
  [`/v1/harnesses/summarise/versions/${first}/differences?from=${"9".repeat(16)}`, 404],
  [`/v1/harnesses/summarise/versions/${first}/differences`, 400],
] as const) {
  test(`${url} is ${status}`, async () => {
    assert.equal((await get(url)).statusCode, status);
    assert.equal((await get(url, "acme")).statusCode, 403);
  });
}
