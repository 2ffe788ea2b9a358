import assert from "node:assert/strict";
import { test } from "node:test";
import { exceptionResponse, refusalResponse } from "./exception.ts";

const cases: readonly (readonly [string, number, number])[] = [
  ["Code: 60. DB::Exception: Table a.b does not exist. (UNKNOWN_TABLE)", 60, 404],
  ["Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)", 62, 400],
  ["Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)", 241, 500],
  ["Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)", 159, 408],
  ["Code: 497. DB::NetException: Not enough privileges. (ACCESS_DENIED)", 497, 403],
];

for (const [message, code, status] of cases) {
  test(`error ${code} has status ${status} and keeps its text`, () => {
    const response = exceptionResponse(new Error(message), "26.7");
    assert.deepEqual(response, { status, code, body: `${message} (version 26.7)\n` });
  });
}

test("a version that is there is not put twice", () => {
  const message = "Code: 60. DB::Exception: No table. (UNKNOWN_TABLE) (version 26.7.2.1 (official build))";
  assert.equal(exceptionResponse(new Error(message), "26.7").body, `${message}\n`);
});

test("an error that quotes another one gets a version of its own", () => {
  const message = "Code: 115. DB::Exception: Code: 115. No setting. (version 26.7.2.1). (UNKNOWN_SETTING)";
  assert.equal(exceptionResponse(new Error(message), "26.7").body, `${message} (version 26.7)\n`);
});

test("what is not ClickHouse's own still has its form", () => {
  const response = exceptionResponse(new TypeError("broken"), "26.7");
  assert.deepEqual([response.status, response.code], [500, 1001]);
  assert.equal(response.body, "Code: 1001. DB::Exception: broken (STD_EXCEPTION) (version 26.7)\n");
});

test("a refusal reads like the engine's own", () => {
  const response = refusalResponse({ code: 229, name: "QUERY_IS_TOO_LARGE", message: "Too large" }, "26.7");
  assert.deepEqual(response, {
    status: 413,
    code: 229,
    body: "Code: 229. DB::Exception: Too large. (QUERY_IS_TOO_LARGE) (version 26.7)\n",
  });
});
