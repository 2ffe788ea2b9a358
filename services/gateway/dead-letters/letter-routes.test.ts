/** Dead letters over HTTP: what is told of them, what is never shown, and that a replay happens once and is priced before. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { auditChange } from "../../../schemas/audit/change.ts";
import { agreed } from "../../../test/support/negotiated.ts";
import { fixedHarnesses } from "../../../test/support/chat-gateway.ts";
import { nowMs, serverOf } from "../../../test/support/gateway-parts.ts";
import { LetterLog } from "../../../test/support/letter-log.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import { TransientError } from "../../runtime/errors.ts";
import { replayRunId } from "../../runtime/requests/run-ids.ts";
import type { Emission } from "../../runtime/stage.ts";
import { LetterDesk } from "./letter-desk.ts";
import { letterRoutes } from "./letter-routes.ts";
import { estimateView, groupsView, letterDocument, lettersPage, replaysView } from "./letter-views.ts";
import { ReplayBook } from "./replay-book.ts";
import { ReplayDesk } from "./replay-desk.ts";

let log = new LetterLog();
let published: Emission[] = [];
let told: Emission[] = [];
let isAuditAway = false;
let seen: { replay_of: string; run_id: string; status: string | null }[] = [];
let spends: object[] = [];
let isLedgerAway = false;
let clock = nowMs;
let servers: ReturnType<typeof serverOf>[] = [];

function serve() {
  const ledger = {
    query: (sql: string) => {
      if (isLedgerAway) return Promise.reject(new StoreError("unavailable", null, null));
      return Promise.resolve(sql.includes("replay_of") ? seen : spends);
    },
  };
  const harnesses = fixedHarnesses;
  const publish = (emissions: readonly Emission[]) => {
    if (isAuditAway) return Promise.reject(new TransientError("broker_unavailable", "no broker"));
    for (const emission of emissions) (emission.topic === "harness-audit" ? told : published).push(emission);
    return Promise.resolve([]);
  };
  const book = new ReplayBook(ledger, () => (clock += 10_000));
  const letters = new LetterDesk({ reader: log.reader, harnesses, book });
  const negotiated = agreed();
  const parts = { reader: log.reader, ledger, harnesses, publish, letters, book, negotiated, nowMs: () => nowMs };
  const served = serverOf(letterRoutes({ letters, replays: new ReplayDesk(parts) }));
  servers.push(served);
  return served.server;
}

let server = serve();
beforeEach(() => {
  log = new LetterLog();
  published = [];
  told = [];
  isAuditAway = false;
  seen = [];
  spends = [];
  isLedgerAway = false;
  server = serve();
});
after(() => Promise.all(servers.map(({ server: one }) => one.close())));

const headers = { "x-api-key": "admin" };
const get = (url: string) => server.inject({ url, headers });
const post = (url: string, payload: object) => server.inject({ method: "POST", url, headers, payload });
const groupsNow = async (query = "") => groupsView.parse((await get(`/v1/dead-letters${query}`)).json());
const groupNow = async () => (await groupsNow()).groups[0]?.group ?? "";
const replay = async (payload: object) => replaysView.parse((await post("/v1/dead-letters/replays", payload)).json());

const request = { harness: "summarise", client_id: "acme", input: { text: "hello" } };
const source = (offset: number, partition: number) => ({
  topic: "harness-requests",
  partition,
  offset: String(offset),
});

test("letters are told in groups and one by one, and chosen by what they are grouped by", async () => {
  const refs = [log.add({ value: request }), log.add({ value: request })];
  log.add({ value: "oops", code: "not_json", message: "not JSON at position 0" });
  const { groups, letters, older } = await groupsNow();
  assert.deepEqual(
    [letters, older, groups.map((group) => [group.code, group.letters, group.replayed])],
    [
      3,
      0,
      [
        ["harness_unknown", 2, 0],
        ["not_json", 1, 0],
      ],
    ],
  );
  assert.equal((await groupsNow("?code=not_json")).groups.length, 1);
  assert.equal((await groupsNow("?harness=summarise")).letters, 2);
  const page = lettersPage.parse((await get(`/v1/dead-letters/groups/${groups[0]?.group}?limit=1&skip=1`)).json());
  assert.deepEqual([page.total, page.letters.map(({ ref }) => ref)], [2, [refs[0]]]);
  assert.equal((await get("/v1/dead-letters/groups/0123456789abcdef")).statusCode, 404);
});

test("a letter is shown with its headers, and without what a policy takes out", async () => {
  const input = { text: "my card is 4111 1111 1111 1111 <script>alert(1)</script>" };
  const ref = log.add({ value: { ...request, input }, headers: { "x-mail": "ann@example.com" } });
  const letter = letterDocument.parse((await get(`/v1/dead-letters/${ref}`)).json());
  assert.doesNotMatch(JSON.stringify(letter), /4111/);
  assert.match(JSON.stringify(letter.body), /<script>alert\(1\)<\/script>/);
  assert.equal(letter.errors["code"], "harness_unknown");
  assert.deepEqual(Object.keys(letter.headers), ["x-mail"]);
});

test("where no harness is known, the strictest policy holds", async () => {
  const ref = log.add({ value: { ...request, harness: "nobody", input: { text: "ann@example.com" } } });
  assert.doesNotMatch((await get(`/v1/dead-letters/${ref}`)).body, /ann@/);
});

for (const place of [
  "harness-requests-dlq/0/999999",
  "harness-requests-dlq/77/0",
  "harness-requests-dlq/0/x",
  "harness-requests/0/0",
  "harness-requests-dlq/-1/0",
  "harness-requests-dlq/0/99999999999999999999",
]) {
  test(`no letter at ${place} is no failure of the gateway`, async () => {
    const { statusCode } = await get(`/v1/dead-letters/${place}`);
    assert.ok(statusCode === 404 || statusCode === 400, String(statusCode));
  });
}

test("an estimate says what would be done and what it may cost, and publishes nothing", async () => {
  log.add({ value: request });
  log.add({ value: request });
  log.add({ value: { ...request, harness: "nobody" } });
  const unreadable = log.add({ value: "oops" });
  const spend = { harness: "summarise", runs: "6", priced_runs: "5", cost_usd: "0.025" };
  spends = [
    { ...spend, version: "a" },
    { ...spend, version: "b" },
  ];
  const letters = (await groupsNow()).groups.flatMap(({ examples }) => examples);
  const answer = await post("/v1/dead-letters/replays/estimate", { letters });
  const estimate = estimateView.parse(answer.json());
  assert.deepEqual(estimate.replays.map(({ kind }) => kind).toSorted(), ["new", "new", "new", "unusable"]);
  assert.equal(estimate.replays.find(({ ref }) => ref === unreadable)?.reason, "its bytes are not a JSON request");
  const { worst_case_usd: worst, ...total } = estimate.total;
  assert.deepEqual(total, { runs: 3, expected_usd: "0.01", unpriced_runs: 0, unexpected_runs: 0 });
  assert.ok(Number(worst) > 0.001 && Number(worst) < 0.1, String(worst));
  const [summarise, nobody] = estimate.by_harness;
  assert.deepEqual([summarise?.harness, summarise?.runs, summarise?.recent_runs], ["summarise", 2, 12]);
  assert.deepEqual([nobody?.is_known, nobody?.worst_case_usd, nobody?.expected_usd], [false, "0", "0"]);
  assert.equal(published.length, 0);
});

test("without recent runs nothing is expected, and that is said", async () => {
  const letters = [log.add({ value: request })];
  const { total } = estimateView.parse((await post("/v1/dead-letters/replays/estimate", { letters })).json());
  assert.deepEqual([total.expected_usd, total.unexpected_runs], [null, 1]);
});

test("a replay is a new run that names its dead letter; asked for again, it is not made again unless that is wanted", async () => {
  const ref = log.add({ value: request, offset: 41 });
  const first = await replay({ letters: [ref] });
  const runId = replayRunId(source(41, 0), 1);
  assert.deepEqual(first, {
    replays: [{ ref, kind: "new", run_id: runId, replay: 1, harness: "summarise" }],
    published: 1,
    left: 0,
  });
  assert.deepEqual(published[0]?.value, {
    ...request,
    run_id: runId,
    replay_of: { ...source(41, 0), replay: 1 },
  });
  const second = await replay({ letters: [ref] });
  assert.deepEqual([second.replays[0]?.kind, second.published, published.length], ["already", 0, 1]);
  const forced = await replay({ letters: [ref], force: true });
  assert.deepEqual([forced.replays[0]?.run_id, published.length], [replayRunId(source(41, 0), 2), 2]);
  const [group] = (await groupsNow()).groups;
  assert.equal(group?.replayed, 1);
  const [letter] = lettersPage.parse((await get(`/v1/dead-letters/groups/${group?.group}`)).json()).letters;
  assert.deepEqual(
    letter?.replays?.map(({ replay: no, status }) => [no, status]),
    [
      [1, null],
      [2, null],
    ],
  );
});

test("each new run of a replay is told to the audit by whose key it was, and what is not done is not told", async () => {
  const ref = log.add({ value: request, offset: 41 });
  const letters = [ref, log.add({ value: "oops" })];
  await post("/v1/dead-letters/replays/estimate", { letters });
  assert.deepEqual(told, []);
  await replay({ letters });
  await replay({ letters });
  const runId = replayRunId(source(41, 0), 1);
  assert.deepEqual(
    told.map(({ key, value }) => {
      const { by, action, target, run_id: run, client_id: client } = auditChange.parse(value);
      return { key, by, action, target, run, client };
    }),
    [
      {
        key: runId,
        by: { kind: "api_key", id: "key-root" },
        action: "dead_letter.replayed",
        target: ref,
        run: runId,
        client: "acme",
      },
    ],
  );
  assert.doesNotMatch(JSON.stringify(told), /hello/);
});

test("a replay that cannot be told to the audit is not made", async () => {
  const ref = log.add({ value: request });
  isAuditAway = true;
  assert.equal((await post("/v1/dead-letters/replays", { letters: [ref] })).statusCode, 503);
  assert.deepEqual(published, []);
});

test("a replay that somebody else made is known by the ledger, with how it ended", async () => {
  const ref = log.add({ value: request, offset: 41 });
  const runId = replayRunId(source(41, 0), 1);
  seen = [{ replay_of: "harness-requests/0/41#1", run_id: runId, status: "ok" }];
  const { replays } = letterDocument.parse((await get(`/v1/dead-letters/${ref}`)).json());
  assert.deepEqual(replays, [{ run_id: runId, replay: 1, status: "ok" }]);
  assert.equal((await replay({ letters: [ref] })).replays[0]?.kind, "already");
  assert.equal(published.length, 0);
});

test("a group is replayed by its newest hundred that were not yet, and the rest is counted", async () => {
  for (let at = 0; at < 130; at += 1) log.add({ value: request });
  const group = await groupNow();
  const first = await replay({ group });
  assert.deepEqual([first.published, first.left], [100, 30]);
  const second = await replay({ group });
  assert.deepEqual([second.published, second.left], [30, 0]);
  assert.equal(new Set(published.map(({ id }) => id)).size, 130);
  assert.equal((await post("/v1/dead-letters/replays", { group: "0123456789abcdef" })).statusCode, 404);
});

test("a letter named twice, or dead-lettered twice, is one run", async () => {
  const one = log.add({ value: request, offset: 5, partition: 0 });
  const twin = log.add({ value: request, offset: 5, partition: 0 });
  const { published: count } = await replay({ letters: [one, one, twin] });
  assert.equal(count, 1);
});

test("a request that nobody vouched for is not signed by a replay", async () => {
  const ref = log.add({ value: request, code: "client_unverified" });
  const { replays } = await replay({ letters: [ref], force: true });
  assert.deepEqual([replays[0]?.kind, published.length], ["unusable", 0]);
});

test("what stands further down the flow is rebuilt from where its request stands, if it is still there", async () => {
  const offset = log.append("harness-requests", 0, Buffer.from(JSON.stringify(request)));
  const at = (place: bigint) => ({ topic: "harness-requests", partition: 0, offset: String(place) });
  const here = log.add({ topic: "harness-scanned", code: "definition_missing", value: { origin: at(offset) } });
  const gone = log.add({ topic: "harness-scanned", code: "definition_missing", value: { origin: at(99n) } });
  const { replays } = await replay({ letters: [here, gone, "harness-calls-dlq/0/5"] });
  assert.deepEqual(
    replays.map(({ kind }) => kind),
    ["new", "unusable", "unusable"],
  );
});

test("while the ledger is away letters are told without their replays, and nothing is replayed", async () => {
  const ref = log.add({ value: request });
  isLedgerAway = true;
  assert.equal((await groupsNow()).groups[0]?.replayed, null);
  assert.equal(letterDocument.parse((await get(`/v1/dead-letters/${ref}`)).json()).replays, null);
  for (const url of ["/v1/dead-letters/replays", "/v1/dead-letters/replays/estimate"])
    assert.equal((await post(url, { letters: [ref] })).statusCode, 503);
  assert.equal(published.length, 0);
});

test("a choice is letters or a group, and bounded", async () => {
  const refs = Array.from({ length: 101 }, (_, at) => `harness-requests-dlq/0/${at}`);
  for (const payload of [{}, { letters: [] }, { letters: refs }, { letters: ["x"] }, { group: "x" }])
    assert.equal(
      (await post("/v1/dead-letters/replays", payload)).statusCode,
      400,
      JSON.stringify(payload).slice(0, 60),
    );
  assert.equal((await get("/v1/dead-letters?code=sunspots")).statusCode, 400);
});
