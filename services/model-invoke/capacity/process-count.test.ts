import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ProcessCount, recountMs } from "./process-count.ts";

function countOf(answers: (readonly string[] | Error)[]) {
  const warnings: string[] = [];
  const processes = new ProcessCount({
    liveClientIds: async () => {
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return await Promise.resolve(new Set(answer));
    },
    worker: "me",
    logger: { warn: (_, message) => warnings.push(message) },
  });
  return { processes, warnings };
}

test("this process counts, a member of the group already or not", async () => {
  const { processes } = countOf([["other", "another"], ["me"]]);
  assert.equal(processes.count, 1);
  await processes.ask();
  assert.equal(processes.count, 3);
  await processes.ask();
  assert.equal(processes.count, 1);
  processes.close();
});

test("while the group cannot be asked the last count holds", async () => {
  const { processes, warnings } = countOf([["me", "other"], new Error("no broker")]);
  await processes.ask();
  await processes.ask();
  assert.deepEqual([processes.count, warnings.length], [2, 1]);
  processes.close();
});

test("from the first question on it is counted again and again, until it is closed", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const { processes } = countOf([["other"], ["other", "another"]]);
  assert.equal(processes.count, 1);
  mock.timers.tick(recountMs);
  await new Promise((later) => setImmediate(later));
  assert.equal(processes.count, 2);
  processes.close();
  mock.timers.tick(10 * recountMs);
  await new Promise((later) => setImmediate(later));
  assert.equal(processes.count, 2);
  mock.timers.reset();
});
