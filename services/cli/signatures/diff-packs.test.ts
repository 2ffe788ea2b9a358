import assert from "node:assert/strict";
import { test } from "node:test";
import { signaturePack, type SignaturePack } from "../../../schemas/control/signature-pack.ts";
import { diffPacks, isSame } from "./diff-packs.ts";
import { describeDifference } from "./say.ts";

const signature = (id: string, over: object = {}): SignaturePack["signatures"][number] => ({
  id,
  category: "role_play",
  severity: "low",
  action: "flag",
  pattern: "some phrase",
  examples: { match: ["some phrase"], noMatch: ["x"] },
  ...over,
});
const pack = (version: string, signatures: SignaturePack["signatures"], over: Partial<SignaturePack> = {}) =>
  signaturePack.parse({ pack: "p", version, description: "", signatures, ...over });

test("signatures are the same by id, wherever they stand, with defaults left out or written", () => {
  const before = pack("1", [signature("a"), signature("b", { languages: ["en"] })]);
  const after = pack("1", [signature("b"), signature("a", { languages: ["en"] })], { mode: "live" });
  assert.ok(isSame(diffPacks(before, after)));
});

test("added, removed and changed signatures are told apart, the changed ones field by field", () => {
  const before = pack("1", [signature("kept"), signature("gone"), signature("moved", { channels: ["user"] })]);
  const after = pack("2", [
    signature("kept"),
    signature("new"),
    signature("moved", { action: "block", examples: { match: ["some phrase"], noMatch: ["y"] } }),
  ]);
  const difference = diffPacks(before, after);
  assert.deepEqual(difference, {
    settings: [{ field: "version", from: "1", to: "2" }],
    added: ["new"],
    removed: ["gone"],
    changed: [
      {
        id: "moved",
        fields: [
          { field: "action", from: "flag", to: "block" },
          { field: "channels", from: ["user"], to: undefined },
          { field: "examples.noMatch", from: ["x"], to: ["y"] },
        ],
      },
    ],
  });
  assert.equal(
    describeDifference({ pack: "p", applied: "1", ...difference }),
    [
      "p 1:",
      "  version: 1 -> 2",
      "  + new",
      "  - gone",
      "  ~ moved",
      "      action: flag -> block",
      '      channels: ["user"] -> (none)',
      '      examples.noMatch: ["x"] -> ["y"]',
    ].join("\n"),
  );
});

test("a pack's own settings are compared: shadow and canary are changes", () => {
  const difference = diffPacks(
    pack("1", [signature("a")]),
    pack("1", [signature("a")], { mode: "shadow", canary: 0.1 }),
  );
  assert.deepEqual(
    difference.settings.map(({ field, from, to }) => [field, from, to]),
    [
      ["mode", "live", "shadow"],
      ["canary", undefined, 0.1],
    ],
  );
});

test("a pack that is not applied is all new", () => {
  const difference = diffPacks(undefined, pack("1", [signature("a"), signature("b")]));
  assert.deepEqual([difference.added, difference.settings], [["a", "b"], []]);
  assert.match(describeDifference({ pack: "p", applied: null, ...difference }), /not applied yet, 2 signatures/);
});
