/**
 * Every payload, answered by a model and let through by output-validate for every
 * place in a page, runs nothing and loads nothing there, and is shown as it was meant. The same texts as they came do run
 * and do load: the test can see both.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Destination } from "../../schemas/control/harness-definition.ts";
import { presets } from "../../services/definitions/presets.ts";
import { judgeAnswer } from "../../services/output-validate/rules/judge-answer.ts";
import { RealBrowser, type Visit } from "./browser.ts";
import { allPayloads, payloads } from "./payloads.ts";
import { places, type Place } from "./places.ts";

let browser: RealBrowser;
before(async () => {
  browser = await RealBrowser.open();
});
after(() => browser.close());

test("the lists are whole", () => {
  assert.deepEqual(
    payloads.map(({ name, texts }) => [name, texts.length]),
    [
      ["payloadbox", 6613],
      ["naughty strings", 515],
      ["our own", 183],
    ],
  );
});

/** A blank answer is asked for again and never gets out. */
const notBlank = allPayloads.filter((text) => text.trim() !== "");

for (const place of places) {
  test(`${place.name}: ${notBlank.length} payloads run nothing, load nothing and are shown as meant`, async () => {
    for (const texts of batches(notBlank, 400)) {
      const made = texts.map((text) => answered(place.written?.(text) ?? text, place.destination));
      const { cases, ...happened } = await show(place, made);
      assert.deepEqual(happened, { seen: [], requests: [], strays: 0 });
      assert.equal(cases.length, texts.length);
      const wrong = cases.filter((seen, at) => !place.isRight(seen, texts[at] ?? ""));
      assert.deepEqual(wrong, []);
    }
  });
}

for (const place of places.filter(({ html }) => html !== undefined)) {
  test(`${place.name}: as they came, payloads run and load`, async (context) => {
    let ran = 0;
    let loaded = 0;
    // One in thirty and our own, a few a page, as they also break each other.
    const some = allPayloads.filter((_, at) => at % 30 === 0).concat(payloads[2]?.texts ?? []);
    for (const texts of batches(some, 10)) {
      const { seen, requests } = await show(
        place,
        texts.map((text) => place.written?.(text) ?? text),
      );
      ran += seen.length;
      loaded += requests.length;
    }
    context.diagnostic(`${some.length} payloads as they came: ${ran} attempts to run, ${loaded} to load`);
    assert.ok(ran > 0, "nothing ran");
    assert.ok(loaded > 0, "nothing was loaded");
  });
}

/** What a caller gets of a model's answer under the policy that holds nothing back. */
function answered(text: string, destination: Destination): string {
  const { knobs } = presets.minimal;
  const harness = {
    knobs,
    prompt: { system: "", user: "" },
    output: { format: "text", maxTokens: 100, destination },
  } as const;
  const judgement = judgeAnswer({ text, finishReason: "stop" }, harness, { messages: [], context: [] });
  assert.ok(judgement.kind === "accepted" && typeof judgement.output === "string", judgement.kind);
  return judgement.output;
}

function show(place: Place, made: readonly string[]): Promise<Visit> {
  const body = made.map((text) => `<div class="case">${place.html?.(text) ?? ""}</div>`).join("");
  return browser.visit(body, place.html === undefined ? made : undefined);
}

function batches(texts: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, at) => texts.slice(at * size, (at + 1) * size));
}
