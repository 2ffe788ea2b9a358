import assert from "node:assert/strict";
import http from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { z } from "zod";
import { catalog } from "../../../topics/catalog.ts";
import { ConfigError, TransientError } from "../errors.ts";
import { avroRequestSubject, registerSchemas } from "./register-schemas.ts";

interface Seen {
  readonly route: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

let seen: Seen[] = [];
/** Status by `METHOD path`; everything else is taken. */
let answers: Readonly<Record<string, number>> = {};

async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const route = `${request.method ?? ""} ${request.url ?? ""}`;
  seen.push({ route, body: text === "" ? null : JSON.parse(text), authorization: request.headers.authorization });
  const status = answers[route] ?? 200;
  response.writeHead(status).end(JSON.stringify(status === 200 ? { id: 1 } : { error_code: status, message: "no" }));
}

const server = http.createServer((request, response) => void answer(request, response));
let url = "";

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  answers = {};
});

const posted = z.object({ schemaType: z.string(), schema: z.string() });

test("each topic's JSON Schema goes under its value subject, the Avro request under its own name", async () => {
  await registerSchemas({ SCHEMA_REGISTRY_URL: `${url}/` });
  const posts = seen.filter(({ route }) => route.startsWith("POST"));
  assert.deepEqual(
    posts.map(({ route }) => route),
    [...catalog.map(({ name }) => `${name}-value`), avroRequestSubject].map(
      (subject) => `POST /subjects/${subject}/versions`,
    ),
  );
  for (const { body } of posts) JSON.parse(posted.parse(body).schema);
  assert.equal(posted.parse(posts.at(-1)?.body).schemaType, "AVRO");
});

test("a subject without a level is set to NONE, one that has a level keeps it", async () => {
  answers = { "GET /config/harness-calls-value": 404 };
  await registerSchemas({ SCHEMA_REGISTRY_URL: url });
  const puts = seen.filter(({ route }) => route.startsWith("PUT"));
  assert.deepEqual(
    puts.map(({ route, body }) => [route, body]),
    [["PUT /config/harness-calls-value", { compatibility: "NONE" }]],
  );
});

test("user and password go along", async () => {
  await registerSchemas({ SCHEMA_REGISTRY_URL: url, SCHEMA_REGISTRY_USER: "deploy", SCHEMA_REGISTRY_PASSWORD: "pass" });
  const basic = `Basic ${Buffer.from("deploy:pass").toString("base64")}`;
  assert.deepEqual(new Set(seen.map(({ authorization }) => authorization)), new Set([basic]));
});

const refusals: readonly (readonly [
  status: number,
  error: typeof ConfigError | typeof TransientError,
  message: RegExp,
])[] = [
  [409, ConfigError, /refuses the schema of harness-scanned-value \(409\): no/],
  [422, ConfigError, /refuses the schema of harness-scanned-value \(422\)/],
  [401, ConfigError, /SCHEMA_REGISTRY_USER/],
  [403, ConfigError, /SCHEMA_REGISTRY_PASSWORD/],
  [500, TransientError, /answers 500 for harness-scanned-value/],
  [429, TransientError, /answers 429/],
];
for (const [status, error, message] of refusals) {
  test(`a registry that answers ${status} is a ${error.name}, and nothing after it is registered`, async () => {
    answers = { "POST /subjects/harness-scanned-value/versions": status };
    await assert.rejects(
      registerSchemas({ SCHEMA_REGISTRY_URL: url }),
      (thrown) => thrown instanceof error && message.test(thrown.message),
    );
    assert.equal(seen.at(-1)?.route, "POST /subjects/harness-scanned-value/versions");
  });
}

test("a registry that is not there is a TransientError that names its address", async () => {
  const gone = registerSchemas({ SCHEMA_REGISTRY_URL: "http://127.0.0.1:9" });
  await assert.rejects(
    gone,
    (error) =>
      error instanceof TransientError &&
      error.code === "registry_unavailable" &&
      error.message.includes("http://127.0.0.1:9"),
  );
});
