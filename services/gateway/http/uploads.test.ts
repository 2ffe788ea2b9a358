import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { ServerResponse, IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { Uploads } from "./uploads.ts";

const reply = (): { readonly raw: ServerResponse } => ({ raw: new ServerResponse(new IncomingMessage(new Socket())) });
const over = ({ raw }: { readonly raw: EventEmitter }): void => void raw.emit("close");

test("a client has one upload at a time, until its answer is out or it is gone", () => {
  const uploads = new Uploads();
  const first = reply();
  assert.equal(uploads.begin("acme", first), null);
  assert.equal(uploads.begin("acme", reply())?.status, 429);
  assert.equal(uploads.begin("other", reply()), null);
  over(first);
  assert.equal(uploads.begin("acme", reply()), null);
});

test("few are at once, whoever sends them", () => {
  const uploads = new Uploads();
  const replies = ["a", "b", "c", "d"].map((client) => {
    const its = reply();
    assert.equal(uploads.begin(client, its), null);
    return its;
  });
  const refusal = uploads.begin("e", reply());
  assert.deepEqual([refusal?.status, refusal?.code], [503, "uploads_full"]);
  if (replies[0] !== undefined) over(replies[0]);
  assert.equal(uploads.begin("e", reply()), null);
});
