import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, TransientError } from "../runtime/errors.ts";
import { CommandError, exitCodeHelp, exitCodeMeanings, exitCodeOf, exitCodes, Interruption } from "./exit-codes.ts";

const named = (name: string, fields: object = {}): Error => Object.assign(new Error("x"), { name }, fields);

const cases: readonly { readonly error: unknown; readonly code: number; readonly what: string }[] = [
  { what: "a command's own error keeps its status", error: new CommandError(exitCodes.notOk, "x"), code: 1 },
  { what: "wrong settings", error: new ConfigError("x"), code: 2 },
  { what: "a broker that is away", error: new TransientError("broker_unavailable", "x"), code: 3 },
  { what: "kafkajs's own errors", error: named("KafkaJSNumberOfRetriesExceeded"), code: 3 },
  { what: "a refused connection", error: Object.assign(new Error("x"), { code: "ECONNREFUSED" }), code: 3 },
  { what: "a refused connection as a cause", error: new Error("x", { cause: { code: 1 } }), code: 4 },
  {
    what: "a cause that is a refused connection",
    error: new Error("x", { cause: Object.assign(new Error("y"), { code: "ECONNREFUSED" }) }),
    code: 3,
  },
  { what: "a ledger that is away", error: named("StoreError", { fault: "unavailable" }), code: 3 },
  { what: "a ledger that rejects a statement", error: named("StoreError", { fault: "rejected" }), code: 4 },
  { what: "Ctrl-C", error: new Interruption("SIGINT"), code: 130 },
  { what: "SIGTERM", error: new Interruption("SIGTERM"), code: 143 },
  { what: "a bug", error: new TypeError("x"), code: 4 },
  { what: "something thrown that is no error", error: "x", code: 4 },
];

for (const { what, error, code } of cases) {
  test(`${what}: ${code}`, () => assert.equal(exitCodeOf(error), code));
}

test("every status has a meaning, and the help lists them all", () => {
  assert.deepEqual(Object.keys(exitCodeMeanings).toSorted(), Object.keys(exitCodes).toSorted());
  const help = exitCodeHelp();
  for (const [name, code] of Object.entries(exitCodes)) {
    assert.match(help, new RegExp(`^  ${code} +\\w`, "m"), name);
  }
});
