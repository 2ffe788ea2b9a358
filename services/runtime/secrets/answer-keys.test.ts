import assert from "node:assert/strict";
import { test } from "node:test";
import { answerKey } from "../../../schemas/records/answer-pointer.ts";
import type { AnswerKeys } from "../../guards/privacy/cryptography.ts";
import { openAnswerKeys } from "./answer-keys.ts";
import { secretKeysOf } from "./secret-key.ts";

const [secret] = secretKeysOf("11".repeat(32));
const [other] = secretKeysOf("22".repeat(32));
type Asked = Parameters<AnswerKeys["keyOf"]>[0];
const keyOf = (question: Asked): string => openAnswerKeys(secret).keyOf(question);
const asked = {
  clientId: "acme",
  harness: { name: "digest", version: "0123456789abcdef" },
  input: { document: "Rope sales rose.", tone: "plain" },
};

test("the same input has the same key, whatever the order of its fields", () => {
  const key = keyOf(asked);
  assert.equal(answerKey.parse(key), key);
  assert.equal(keyOf({ ...asked, input: { tone: "plain", document: "Rope sales rose." } }), key);
});

const others: readonly (readonly [string, Asked])[] = [
  ["client", { ...asked, clientId: "globex" }],
  ["harness", { ...asked, harness: { ...asked.harness, name: "facts" } }],
  ["version of the harness", { ...asked, harness: { ...asked.harness, version: "f".repeat(16) } }],
  ["data subject", { ...asked, subjectId: "person-1" }],
  ["input", { ...asked, input: { document: "Rope sales rose!", tone: "plain" } }],
  ["wish beside the input", { ...asked, options: { max_output_tokens: 5 } }],
];
for (const [what, question] of others) {
  test(`another ${what} has another key`, () => assert.notEqual(keyOf(question), keyOf(asked)));
}

test("another secret key gives other keys: nobody else can try out inputs", () => {
  assert.notEqual(openAnswerKeys(other).keyOf(asked), keyOf(asked));
});
