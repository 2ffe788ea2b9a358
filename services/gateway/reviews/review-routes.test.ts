import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { erasedContent } from "../../../schemas/parts/content.ts";
import type { ReviewRecord } from "../../../schemas/records/review.ts";
import { sampleDefinition } from "../../../test/contract/sample-records.ts";
import { clientOf, knownKeys, serverOf } from "../../../test/support/gateway-parts.ts";
import {
  earlierReview,
  goodEdit,
  heldReview,
  othersDecision,
  reviewTopicWith,
  type ReviewTopic,
} from "../../../test/support/review-topic.ts";
import { openLiveReviews, type LiveReviews } from "./live-reviews.ts";
import { reviewerOf, reviewRoutes, type ReviewParts } from "./review-routes.ts";

const runId = heldReview.run_id;
let topic: ReviewTopic;
let reviews: LiveReviews | null = null;
/** Written just before what the route publishes. */
let first: ReviewRecord | null = null;

const live = (): LiveReviews => {
  if (reviews === null) throw new Error("not opened");
  return reviews;
};
const parts: ReviewParts = {
  reviews: { waiting: () => live().waiting(), find: (id) => live().find(id) },
  publish: (emissions) => {
    if (first !== null) topic.append(first);
    return topic.publish(emissions);
  },
  definitions: { get: () => sampleDefinition },
  nowMs: () => heldReview.held_at_ms + 60_000,
};
const { server, log } = serverOf(reviewRoutes(parts));

async function hold(...records: readonly ReviewRecord[]): Promise<void> {
  await reviews?.close();
  topic = reviewTopicWith(...records);
  first = null;
  reviews = await openLiveReviews({ reader: topic.log, nowMs: parts.nowMs });
}
beforeEach(() => hold(heldReview, earlierReview));
after(async () => {
  await reviews?.close();
  await server.close();
});

const get = (url: string, key = "reviewer") => server.inject({ url, headers: { "x-api-key": key } });
const post = (step: "check" | "decision", payload: object, key = "reviewer") =>
  server.inject({ method: "POST", url: `/v1/reviews/${runId}/${step}`, headers: { "x-api-key": key }, payload });

test("the queue is shown due first, without content, to a reviewer and an admin alone", async () => {
  for (const key of ["reviewer", "admin"]) {
    const answer = await get("/v1/reviews", key);
    assert.equal(answer.statusCode, 200, answer.body);
    const { waiting, escalated, reviews: listed } = answer.json();
    assert.deepEqual([waiting, escalated, listed.length], [2, 0, 2]);
    assert.deepEqual([listed[0].run_id, listed[1].run_id], [earlierReview.run_id, runId]);
    assert.deepEqual([listed[1].on_timeout, listed[1].reasons[0].code], ["reject", "grounding.number"]);
    assert.doesNotMatch(answer.body, /INV-2041|268\.5/);
  }
  assert.equal((await get("/v1/reviews", "acme")).statusCode, 403);
});

for (const [query, count] of [
  ["client=acme", 2],
  ["client=globex", 0],
  ["harness=extract-invoice", 2],
  ["harness=summarise", 0],
  ["feature=nothing", 0],
  ["reason=grounding.number", 2],
  ["reason=leak.canary", 0],
  ["escalated=false", 2],
  ["escalated=true", 0],
] as const) {
  test(`of the queue, ${query} are ${count}`, async () => {
    assert.equal((await get(`/v1/reviews?${query}`)).json().waiting, count);
  });
}

test("a limit cuts the list, not the count", async () => {
  const { waiting, reviews: listed } = (await get("/v1/reviews?limit=1")).json();
  assert.deepEqual([waiting, listed.length], [2, 1]);
});

test("one is opened with its answer, what was found and the contract", async () => {
  const answer = await get(`/v1/reviews/${runId.toUpperCase()}`);
  assert.equal(answer.statusCode, 200, answer.body);
  const { output, excerpts, contract, guards, decision } = answer.json();
  assert.deepEqual([output.total, excerpts[0].claim, contract.format, decision], [268.5, "268.5", "json", null]);
  assert.ok(guards.length > 0);
});

test("what is sealed is said to be, and not shown", async () => {
  await hold({ ...heldReview, output: { key_id: "subject-1", sealed: "AAAA" } });
  const { sealed, output } = (await get(`/v1/reviews/${runId}`)).json();
  assert.deepEqual([sealed, output], [true, undefined]);
});

test("what is erased is said to be", async () => {
  await hold({ ...heldReview, output: erasedContent, excerpts: erasedContent });
  const { erased, sealed, excerpts } = (await get(`/v1/reviews/${runId}`)).json();
  assert.deepEqual([erased, sealed, excerpts], [true, undefined, []]);
});

test("a check says what would become of an edit, and decides nothing", async () => {
  const good = await post("check", { text: goodEdit });
  assert.equal(good.statusCode, 200, good.body);
  assert.deepEqual([good.json().ok, good.json().given.total], [true, 286.5]);
  const broken = (await post("check", { text: goodEdit.replace("286.5", '"a"') })).json();
  assert.deepEqual([broken.ok, broken.reasons[0].path, broken.given], [false, "/total", undefined]);
  assert.equal(topic.added(), 0);
});

for (const { decision, more } of [
  { decision: "approve", more: {} },
  { decision: "edit", more: { text: goodEdit } },
  { decision: "reject", more: { reason: "wrong total" } },
]) {
  test(`${decision}: it counts, under the name of the key's client`, async () => {
    const answer = await post("decision", { decision, ...more });
    assert.equal(answer.statusCode, 200, answer.body);
    const said = answer.json().decision;
    assert.deepEqual([said.decision, said.reviewer, topic.added()], [decision, "reviewer", 1]);
    assert.equal((await get("/v1/reviews")).json().waiting, 1);
    assert.deepEqual((await get(`/v1/reviews/${runId}`)).json().decision, said);
  });
}

test("who comes second is told who was first and when, also at the same moment", async () => {
  first = othersDecision;
  const racing = await post("decision", { decision: "approve" });
  first = null;
  const late = await post("decision", { decision: "approve" });
  for (const answer of [racing, late]) {
    assert.deepEqual([answer.statusCode, answer.json().error.code], [409, "review_decided"]);
    assert.match(answer.json().error.message, /reject by omar at 20\d\d-/);
    assert.deepEqual([answer.json().decision.reviewer, answer.json().decision.reason], ["omar", "the total is wrong"]);
  }
  assert.equal(topic.added(), 2);
});

test("a broken edit is 422 with each field, and is not written", async () => {
  const answer = await post("decision", { decision: "edit", text: "{}" });
  assert.deepEqual([answer.statusCode, answer.json().error.code, topic.added()], [422, "edit_broken", 0]);
  assert.ok(answer.json().reasons.length >= 1);
});

test("a key sees the harnesses that it opens, and no other", async () => {
  const narrow = { ...clientOf("narrow", { review: true, harnesses: ["summarise"] }) };
  const seen = serverOf(reviewRoutes(parts), {}, { narrow });
  const headers = { "x-api-key": "narrow" };
  assert.equal((await seen.server.inject({ url: "/v1/reviews", headers })).json().waiting, 0);
  for (const request of [
    { method: "GET", url: `/v1/reviews/${runId}` },
    { method: "POST", url: `/v1/reviews/${runId}/check`, payload: { text: "{}" } },
    { method: "POST", url: `/v1/reviews/${runId}/decision`, payload: { decision: "approve" } },
  ] as const)
    assert.equal((await seen.server.inject({ ...request, headers })).statusCode, 404, request.url);
  await seen.server.close();
  assert.equal(topic.added(), 0);
});

for (const [name, url, payload] of [
  ["a name in the body", "decision", { decision: "approve", reviewer: "ines" }],
  ["no decision", "decision", {}],
  ["an edit without its text", "decision", { decision: "edit" }],
  ["a text without an edit", "decision", { decision: "approve", text: "a" }],
  ["what the clock alone decides", "decision", { decision: "timed_out" }],
  ["a reason that is too long", "decision", { decision: "reject", reason: "a".repeat(501) }],
  ["a check of nothing", "check", {}],
] as const) {
  test(`${name} is 400, and nothing is written`, async () => {
    assert.equal((await post(url, payload)).statusCode, 400);
    assert.equal(topic.added(), 0);
  });
}

test("a run of which nothing is held is 404", async () => {
  const nobody = "0198c5a0-0000-7000-8000-999999999999";
  assert.equal((await get(`/v1/reviews/${nobody}`)).statusCode, 404);
  assert.equal((await get("/v1/reviews/42")).statusCode, 400);
});

test("a reviewer's name is the client's, with what the key is for, cut to what a record takes", () => {
  assert.equal(reviewerOf({ clientId: "desk" }), "desk");
  assert.equal(reviewerOf({ clientId: "desk", label: "Ines" }), "desk/Ines");
  const long = reviewerOf({ clientId: "d", label: `${"a".repeat(125)}\u{1F600}` });
  assert.deepEqual([long.length, long.isWellFormed()], [128, true]);
});

test("no answer and no reason is in the log", () => {
  assert.ok(knownKeys["reviewer"] !== undefined);
  assert.doesNotMatch(log(), /INV-2041|wrong total|268\.5/);
});
