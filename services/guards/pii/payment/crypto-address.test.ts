/** Crypto-currency addresses: the checksums of Bitcoin's two kinds, the form of Ethereum's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { base58Checks, bech32Checks } from "./address-checks.ts";
import { findCryptoAddresses } from "./crypto-address.ts";

const found = (text: string) =>
  findCryptoAddresses(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

/** The first block's reward, and examples of BIP 173 and BIP 350. */
const genesis = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const taproot = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
const ether = "0x52908400098527886E0F7030069857D2E4169EE7";

for (const address of [genesis, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", segwit, taproot, ether]) {
  test(`finds ${address}`, () => assert.deepEqual(found(`send to ${address}.`), [address]));
}
test("finds an upper-case bech32 address", () => {
  assert.deepEqual(found(segwit.toUpperCase()), [segwit.toUpperCase()]);
});
test("finds another chain's address only where it is named", () => {
  const ripple = "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh";
  assert.deepEqual(found(`XRP wallet ${ripple}`), [ripple]);
  assert.deepEqual(found(`see ${ripple}`), []);
});

const others: readonly [what: string, text: string][] = [
  ["a changed letter", genesis.replace("zP", "zQ")],
  ["another case", genesis.toLowerCase()],
  ["a wrong bech32 checksum", `${segwit.slice(0, -1)}5`],
  ["a commit", "9fceb02d0ae598e95dc970b74767f19372d61af8"],
  ["a hash that begins with 0x and is too long", `${ether}00`],
  ["an address inside a longer word", `x${genesis}`],
];
for (const [what, text] of others) test(`takes none from ${what}`, () => assert.deepEqual(found(text), []));

test("letters outside the alphabets never check", () => {
  assert.equal(base58Checks("0OIl"), false);
  assert.equal(bech32Checks("bc1bio"), false);
  assert.equal(bech32Checks("no separator"), false);
});
