import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { compressBody, readBody } from "./bodies.ts";
import type { Refusal } from "./http-query.ts";

const server = createServer((incoming, response) => {
  void readBody(incoming, 1024 * 1024).then((body) => {
    received = body;
    response.end();
  });
});
let received: Buffer | Refusal = Buffer.alloc(0);
let port = 0;

before(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

after(() => {
  server.close();
  server.closeAllConnections();
});

async function sent(body: Buffer, encoding?: string): Promise<Buffer | Refusal> {
  await new Promise<void>((resolve, reject) => {
    const headers = encoding === undefined ? {} : { "Content-Encoding": encoding };
    const outgoing = httpRequest({ port, host: "127.0.0.1", method: "POST", headers }, (response) => {
      response.resume().on("end", resolve);
    });
    outgoing.on("error", reject).end(body);
  });
  return received;
}

const text = Buffer.from("rows and rows and rows\n".repeat(500));

const packed: readonly (readonly [string | undefined, Buffer])[] = [
  [undefined, text],
  ["identity", text],
  ["gzip", zlib.gzipSync(text)],
  ["deflate", zlib.deflateSync(text)],
  ["br", zlib.brotliCompressSync(text)],
  ["zstd", zlib.zstdCompressSync(text)],
];

for (const [encoding, bytes] of packed) {
  test(`a body sent as ${encoding ?? "it is"} is read as it was`, async () => {
    assert.deepEqual(await sent(bytes, encoding), text);
  });
}

test("an empty body has no encoding to undo", async () => {
  assert.deepEqual(await sent(Buffer.alloc(0), "gzip"), Buffer.alloc(0));
});

test("an unknown encoding and a body that is not what it says are refused", async () => {
  for (const [encoding, bytes] of [
    ["lz4", text],
    ["gzip", text],
  ] as const) {
    const refusal = await sent(bytes, encoding);
    assert.ok("code" in refusal);
    assert.equal(refusal.code, 36);
  }
});

test("a body over the bound is refused, and so is a small one that unpacks to more", async () => {
  const large = Buffer.alloc(1024 * 1024 + 1, "x");
  const plain = await sent(large);
  assert.ok("code" in plain);
  assert.equal(plain.code, 229);
  const bomb = zlib.gzipSync(large);
  assert.ok(bomb.length < 2000);
  assert.ok("code" in (await sent(bomb, "gzip")));
});

test("an answer is packed as the client accepts it, and left alone otherwise", async () => {
  const unpack = {
    gzip: zlib.gunzipSync,
    zstd: zlib.zstdDecompressSync,
    br: zlib.brotliDecompressSync,
    deflate: zlib.inflateSync,
  };
  for (const [name, undo] of Object.entries(unpack)) {
    const { encoding, bytes } = await compressBody(text, name);
    assert.equal(encoding, name);
    assert.deepEqual(undo(bytes), text);
  }
  assert.equal((await compressBody(text, "br, gzip")).encoding, "gzip");
  assert.deepEqual(await compressBody(text, ""), { encoding: null, bytes: text });
  assert.deepEqual(await compressBody(text, "snappy"), { encoding: null, bytes: text });
});
