/** Which page an address belongs to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { matchPage } from "./match-page.ts";

const pages = [{ path: "/" }, { path: "/runs" }, { path: "/runs/:id" }, { path: "/harnesses/:name/:version" }];

for (const [path, page, params] of [
  ["/", "/", {}],
  ["/runs", "/runs", {}],
  ["/runs/0198", "/runs/:id", { id: "0198" }],
  ["/runs/a%2Fb", "/runs/:id", { id: "a/b" }],
  ["/harnesses/digest/1a", "/harnesses/:name/:version", { name: "digest", version: "1a" }],
] as const) {
  test(`${path} is ${page}`, () => {
    assert.deepEqual(matchPage(pages, path), { page: { path: page }, params });
  });
}

for (const path of ["/nowhere", "/runs/", "/runs/1/2", "/runs/%E0%A4%A", "/harnesses/digest"]) {
  test(`${path} is no page`, () => assert.equal(matchPage(pages, path), null));
}
