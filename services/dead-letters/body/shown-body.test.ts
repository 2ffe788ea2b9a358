import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { hexRows } from "./hex-rows.ts";
import { showText, strictestPolicy } from "./hidden-text.ts";
import { bodyBounds, showBody, type ShownBody } from "./shown-body.ts";

const card = "4111 1111 1111 1111";
const shown = (value: unknown, policy = strictestPolicy): ShownBody =>
  showBody(Buffer.from(JSON.stringify(value)), policy);
const jsonOf = (body: ShownBody): unknown => (body.kind === "json" ? body.value : assert.fail(body.kind));

test("what a policy would take out is named and not shown, in values, long numbers and keys", () => {
  const body = shown({ input: { text: `my card ${card}`, no: 4111111111111111, "ann@example.com": "x", n: 12345 } });
  assert.deepEqual(jsonOf(body), { input: { text: "my card [CARD]", no: "[CARD]", "[EMAIL]": "x", n: 12345 } });
  assert.equal(body.kind === "json" && body.hidden, 3);
});

test("what the harness's own policy lets through is shown, and nothing else of it", () => {
  const { pii } = sampleHarness({ knobs: { pii: { entities: { email: "allow", card: "mask" } } } }).knobs;
  assert.deepEqual(jsonOf(shown(`ann@example.com ${card}`, pii)), "ann@example.com [CARD]");
});

test("what was erased is said to be", () => {
  assert.deepEqual(jsonOf(shown({ answer: { key_id: "erased", sealed: "" } })), { answer: "[erased]" });
});

test("a sealed box stays shut", () => {
  const value = { messages: { key_id: "k1", sealed: "AAAA" }, pseudonyms: { key_id: "k2", sealed: "BBBB" } };
  assert.deepEqual(jsonOf(shown(value)), { messages: "[sealed]", pseudonyms: "[sealed]" });
});

test("of a record that names a data subject no content is shown, wherever it stands", () => {
  const secret = "what Ann wrote";
  const task = { subject_id: "ann", messages: { plain: [{ role: "user", content: secret }] } };
  for (const record of [
    { subject_id: "ann", input: { text: secret }, options: { stop: [secret] } },
    task,
    { settlement: { task, answer: { plain: secret } } },
  ]) {
    assert.doesNotMatch(JSON.stringify(shown(record)), /what Ann/);
    assert.match(JSON.stringify(shown(record)), /data subject's/);
  }
});

test("text that is no JSON is text, and its values are hidden as well", () => {
  assert.deepEqual(showBody(Buffer.from(`oops ${card}`), strictestPolicy), {
    kind: "text",
    text: "oops [CARD]",
    hidden: 1,
    isCut: false,
  });
  assert.deepEqual(showBody(null, strictestPolicy), { kind: "none" });
});

test("other bytes are shown in hexadecimal, up to a bound, without the values among them", () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(`to ann@example.com`), Buffer.alloc(5000, 0x80)]);
  const body = showBody(bytes, strictestPolicy);
  assert.ok(body.kind === "bytes");
  assert.deepEqual([body.rows.length, body.isCut, body.hidden], [bodyBounds.bytes / 16, true, 1]);
  assert.deepEqual(body.rows[0], {
    at: "00000000",
    hex: "ff 00 74 6f 20 ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··",
    text: "..to ...........",
  });
});

test("rows of hexadecimal tell every byte that may be shown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const digits = hexRows(bytes, () => false).map(({ hex }) => hex.replaceAll(" ", ""));
      assert.equal(digits.join(""), Buffer.from(bytes).toString("hex"));
    }),
  );
});

test("however long, deep or wide a body is, what is shown is bounded and says that it is cut", () => {
  let deep: unknown = "x";
  for (let at = 0; at < 1000; at += 1) deep = [deep];
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, "v".repeat(50)]));
  for (const value of [
    deep,
    wide,
    Array(100_000).fill("x"),
    "y".repeat(1_000_000),
    [wide, wide, wide].map((w) => [w]),
  ]) {
    const body = shown(value);
    assert.ok(body.kind === "json" && body.isCut);
    assert.ok(JSON.stringify(body).length < 100_000);
  }
});

test("a value across the cut is hidden whole", () => {
  const text = `${"a ".repeat(10)}${card}`;
  for (let most = 20; most < text.length; most += 1) {
    const { text: found } = showText(text, strictestPolicy, most);
    assert.doesNotMatch(found, /4111/);
  }
});

test("hostile words come back as the words they are", () => {
  const hostile = '<img src=x onerror=alert(1)>"</script>';
  assert.equal(jsonOf(shown(hostile)), hostile);
  assert.deepEqual(jsonOf(shown(JSON.parse('{"__proto__":{"x":1}}'))), JSON.parse('{"__proto__":{"x":1}}'));
});
