/**
 * Addresses of crypto-currencies: Bitcoin (legacy and bech32, checksums hold),
 * Ethereum and its kin (`0x` and 40 hex digits; the mixed-case checksum of
 * EIP-55 is not computed), Litecoin's bech32, Tron and Ripple by name.
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { isNamed, standsAlone } from "../surroundings.ts";
import { base58Checks, bech32Checks } from "./address-checks.ts";

const legacy = /^[13][a-z1-9]{25,34}$/;
const segwit = /^(?:bc|tb|ltc)1[a-z0-9]{11,87}$/;
const ethereum = /^0x[a-f0-9]{40}$/;
const otherChains = /^(?:t[a-z1-9]{33}|r[a-z1-9]{24,34}|[lm][a-z1-9]{26,33}|addr1[a-z0-9]{50,98})$/;
const chainWords = /\b(?:wallet|crypto|bitcoin|btc|ripple|xrp|tron|trx|litecoin|ltc|cardano|ada|usdt|address)\b/;

const leastLength = 25;
const mostLength = 110;

export function findCryptoAddresses(text: PiiText): readonly PiiSpan[] {
  const { folded, words } = text;
  const found: PiiSpan[] = [];
  for (const { start, end } of words) {
    if (end - start < leastLength || end - start > mostLength || !standsAlone(folded, start, end)) continue;
    const word = folded.slice(start, end);
    const written = text.cased(start, end);
    const checks = (legacy.test(word) && base58Checks(written)) || (segwit.test(word) && bech32Checks(word));
    if (checks || ethereum.test(word)) found.push({ entity: "cryptoAddress", confidence: "validated", start, end });
    else if (otherChains.test(word) && /[A-Z]/.test(written) && isNamed(folded, start, end, chainWords))
      found.push({ entity: "cryptoAddress", confidence: "contextual", start, end });
  }
  return found;
}
