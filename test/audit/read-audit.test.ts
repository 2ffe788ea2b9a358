/** What npm says of an audit, and that one which was not made is never taken for a clean one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAudit } from "./read-audit.ts";

const metadata = { vulnerabilities: { total: 0 }, dependencies: { prod: 210, dev: 90 } };
const found = (severity: string) => ({ "left-pad": { name: "left-pad", severity, range: "<1.3.0" } });

for (const { name, said, expected } of [
  { name: "nothing found", said: { vulnerabilities: {}, metadata }, expected: { kind: "clean", packages: 210 } },
  {
    name: "a weakness that is not grave",
    said: { vulnerabilities: found("moderate"), metadata },
    expected: { kind: "clean", packages: 210 },
  },
  ...["high", "critical"].map((severity) => ({
    name: `a ${severity} weakness`,
    said: { vulnerabilities: found(severity), metadata },
    expected: { kind: "weak", weaknesses: [`left-pad (<1.3.0): ${severity}`] },
  })),
  {
    name: "a registry without audits",
    said: { message: "405", uri: "https://registry.internal/-/audit", statusCode: 405, error: { summary: "" } },
    expected: { kind: "not_made", why: "the registry answers audits with 405" },
  },
  {
    name: "no registry",
    said: { message: "getaddrinfo ENOTFOUND", error: { summary: "", detail: "" } },
    expected: { kind: "not_made", why: "the registry was not reached" },
  },
  { name: "an empty report", said: {}, expected: { kind: "not_made", why: "npm gave no report" } },
  {
    name: "a report of nothing",
    said: { vulnerabilities: {}, metadata: { dependencies: { prod: 0 } } },
    expected: { kind: "not_made", why: "npm gave no report" },
  },
])
  test(name, () => assert.deepEqual(readAudit(JSON.stringify(said)), expected));

test("no JSON at all is no audit", () => {
  assert.deepEqual(readAudit("npm error"), { kind: "not_made", why: "npm gave no report" });
});
