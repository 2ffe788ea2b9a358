/**
 * Secrets: shapes of known services, names with values, private keys; and what
 * stands beside the same words and is none. Put together from pieces, so that
 * no line here looks like a secret to a scanner of repositories.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findSecrets } from "./find-secrets.ts";

const found = (text: string) => [
  ...new Set(findSecrets(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end))),
];

const mixed = "Zx8Kq2Lm9Rt4Wv7Yb3Nc6Hd1Fg5Js0Pa";
const hex = "9f86d081884c7d659a2feaa0c55ad015";

const secrets: readonly [what: string, text: (secret: string) => string, secret: string][] = [
  ["an AWS access key", (secret) => `use ${secret} here`, `AK${"IA"}QYLPMN5HFIQR7XYA`],
  ["one without a digit", (secret) => `use ${secret} here`, `AK${"IA"}QYLPMNKHFIQRUXYA`],
  ["an AWS secret key", (secret) => `aws_secret_access_key=${secret}`, `wJalr8UtnFEMI/K7MDENG/${"bPxRfiCYzzQ9KEYab1"}`],
  ["a GitHub token", (secret) => `token: ${secret}.`, `gh${"p_"}${mixed}wxyz`],
  ["a Stripe key", (secret) => `(${secret})`, `sk${"_live_"}${mixed.slice(0, 24)}`],
  ["a Slack token", (secret) => secret, `xo${"xb-"}123456789012-123456789012-${mixed.slice(0, 24)}`],
  ["an OpenAI key", (secret) => `my key is ${secret}`, `sk${"-proj-"}${mixed}${mixed.slice(0, 16)}`],
  ["a Twilio key", (secret) => `SID ${secret}`, `S${"K"}${hex}`],
  ["a key in JSON", (secret) => `{"api_key": "${secret}"}`, mixed],
  ["a key in a sentence", (secret) => `my api key is ${secret}, keep it`, mixed],
  ["a key named in the environment", (secret) => `export DATADOG_TOKEN=${secret}`, `${hex}deadbeef`],
  ["a bearer token", (secret) => `Authorization: Bearer ${secret}`, mixed],
  ["a password", (secret) => `password: ${secret}`, "hunter2Xyz!9"],
  ["a password in a sentence", (secret) => `my password is ${secret}`, "hunter2Xyz!9"],
  ["a password in an address", (secret) => `postgres://admin:${secret}@db/x`, "s3cr3tPassw0rd!"],
  ["a curl user", (secret) => `curl https://x.example -u ${secret}`, "admin:Tr0ub4dor"],
  ["a name in full-width letters", (secret) => `ａｐｉ_ｋｅｙ = ${secret}`, mixed],
];
for (const [what, text, secret] of secrets) {
  test(`finds ${what}`, () => {
    const all = found(text(secret));
    assert.ok(all.includes(secret), all.join(" | "));
  });
}

test("finds a private key with all its lines, whole or cut off", () => {
  const body = `MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn${mixed}\n${mixed}${mixed}`;
  const whole = `-----${"BEGIN"} RSA PRIVATE KEY-----\n${body}\n-----${"END"} RSA PRIVATE KEY-----`;
  assert.ok(found(`see\n${whole}\nok`).includes(whole));
  const cut = `-----${"BEGIN"} PRIVATE KEY-----\n${body}`;
  assert.ok(found(cut).includes(cut));
});

const others: readonly [what: string, text: string][] = [
  ["a UUID", "key: 550e8400-e29b-41d4-a716-446655440000"],
  ["a commit", "the token of commit 9fceb02d0ae598e95dc970b74767f19372d61af8"],
  ["a checksum", `sha256 key hash = ${hex}${hex}`],
  ["a placeholder", "api_key = your_api_key_here_12345"],
  ["a masked value", "password: ********"],
  ["a rule for passwords", "password must have 8 characters and 1 digit"],
  ["a variable", "token = ${{ secrets.TOKEN_1234 }}"],
  ["a name of a column", 'sort_key = "customer_id_2024_index"'],
  ["an API version", "api version: 2024-11-22-preview"],
  ["a number of tokens", "max_tokens=12345678901234"],
  ["a path", "key_file: /etc/ssl/private/server-2024.pem"],
  ["a demonstration's address", "postgres://user:pass@db1:5432/app"],
  ["a hard word", "the secret to success is 12hourworkdays"],
  ["plain prose", "The key question is whether access to the api matters in 2024."],
];
for (const [what, text] of others) test(`takes none from ${what}`, () => assert.deepEqual(found(text), []));
