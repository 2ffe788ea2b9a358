/** The README's lines for both SDKs, run as they stand there: base URL and key come from the environment. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { goodKey, openChatGateway, says } from "../support/chat-gateway.ts";

const root = path.resolve(import.meta.dirname, "../..");
const gateway = await openChatGateway();
after(() => gateway.close());

const environment = {
  OPENAI_BASE_URL: `${gateway.url}/v1`,
  OPENAI_API_KEY: goodKey,
  ANTHROPIC_BASE_URL: gateway.url,
  ANTHROPIC_API_KEY: goodKey,
};

const section = /^## Point your SDK at it$(?<text>.*?)^## /ms.exec(readFileSync(path.join(root, "README.md"), "utf8"));
const examples = Array.from(
  (section?.groups?.["text"] ?? "").matchAll(/^```ts\n(.*?)^```/gms),
  ([, code = ""]) => code,
);

test("there is one for each SDK", () => assert.equal(examples.length, 2));

for (const code of examples) {
  test(`what begins with ${code.slice(0, 40)} prints the answer`, async () => {
    gateway.expect(says("Good morning"));
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module-typescript", "--eval", code], {
      cwd: root,
      env: { ...process.env, ...environment },
    });
    assert.equal(stdout, "Good morning\n");
  });
}
