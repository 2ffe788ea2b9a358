/**
 * No act of an operator goes unrecorded: every command and every route that is
 * no GET is in the table of test/support/operator-acts.ts with what it leaves in
 * the audit, and every source of the command line that writes to Kafka tells the
 * audit, or is one of the few that stages audit.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Command } from "commander";
import { commandLine } from "../../services/cli/program/command-line.ts";
import { gatewayRoutes } from "../../services/gateway/gateway-routes.ts";
import { emptyParts } from "../support/gateway-in-memory.ts";
import { knownKeys } from "../support/gateway-parts.ts";
import { commandTraces, routeTraces, type Trace } from "../support/operator-acts.ts";

const silent = { stdout: { write: () => true }, stderr: { write: () => true } };

/** Those that do something themselves: `batch` does, `keys` only has others below it. */
function acting(command: Command, path: readonly string[] = []): readonly string[] {
  const below = command.commands.flatMap((child) => acting(child, [...path, child.name()]));
  return Reflect.get(command, "_actionHandler") === null ? below : [path.join(" "), ...below];
}

test("every command is in the table, and nothing else", () => {
  const commands = acting(commandLine(silent, () => Promise.resolve()));
  assert.deepEqual(Object.keys(commandTraces).toSorted(), commands.toSorted());
});

test("every route that is no GET is in the table, and nothing else", () => {
  const routes = gatewayRoutes(emptyParts(new Map(Object.entries(knownKeys))));
  const changing = routes.flatMap(({ method, url }) => (method === "GET" ? [] : [`${method} ${url}`]));
  assert.deepEqual(Object.keys(routeTraces).toSorted(), changing.toSorted());
});

const traces: readonly (readonly [string, Trace])[] = Object.entries({ ...commandTraces, ...routeTraces });

for (const [act, trace] of traces) {
  const heldBy = "heldBy" in trace ? trace.heldBy : undefined;
  if (heldBy === undefined) continue;
  test(`what ${act} leaves is held by a test that is there`, () => {
    assert.ok(existsSync(heldBy), heldBy);
    if (trace.leaves === "change" || trace.leaves === "erasure")
      for (const action of trace.actions) assert.ok(readFileSync(heldBy, "utf8").includes(action), action);
  });
}

test("what no test of its own holds is done and looked at by the test of all of them", () => {
  const done = readFileSync("test/broker/operator-acts.test.ts", "utf8");
  for (const [act, trace] of traces)
    if (trace.leaves === "change" && trace.heldBy === undefined)
      for (const action of trace.actions) assert.ok(done.includes(`"${action}"`), `${act}: ${action}`);
});

/** Sources that publish, and why the audit is told elsewhere. */
const untold: Readonly<Record<string, string>> = {
  "services/cli/connections.ts": "it opens the producer for the others",
  "services/cli/commands/publish.ts": "a run: the stages audit it",
  "services/cli/batch/start-or-resume.ts": "runs: the stages audit them",
  "services/cli/reviews/decide-review.ts": "a decision names its reviewer, and output-validate audits it",
};

test("every source of the command line that writes to Kafka tells the audit", () => {
  const writing = globSync("services/cli/**/*.ts")
    .filter((file) => !file.endsWith(".test.ts") && /\bproducer\(\)/.test(readFileSync(file, "utf8")))
    .map((file) => file.replaceAll("\\", "/"));
  const silentOnes = writing.filter((file) => {
    const source = readFileSync(file, "utf8");
    return !/\btellChanges\(/.test(source) && !/\beraseKeys\(/.test(source);
  });
  assert.deepEqual(silentOnes.toSorted(), Object.keys(untold).toSorted());
});
