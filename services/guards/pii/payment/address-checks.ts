/**
 * Checksums of Bitcoin addresses: base58check (legacy addresses: four bytes of
 * a double SHA-256) and bech32 / bech32m (BIP 173, BIP 350).
 */
import { sha256 } from "./sha256.ts";

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** A version byte, twenty bytes of hash, four of checksum. */
const addressBytes = 25;

/** Case matters: the text as it was written. */
export function base58Checks(address: string): boolean {
  const bytes = new Uint8Array(addressBytes);
  for (const letter of address) {
    let carry = base58.indexOf(letter);
    if (carry < 0) return false;
    for (let at = addressBytes - 1; at >= 0; at--) {
      carry += (bytes[at] ?? 0) * 58;
      bytes[at] = carry & 0xff;
      carry >>= 8;
    }
    if (carry > 0) return false;
  }
  const digest = sha256(sha256(bytes.subarray(0, 21)));
  return [0, 1, 2, 3].every((at) => digest[at] === bytes[21 + at]);
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const bech32Constant = 1;
const bech32mConstant = 0x2bc830a3;

/** Lower case, the human-readable part and its 1 included. */
export function bech32Checks(address: string): boolean {
  const split = address.lastIndexOf("1");
  const prefix = address.slice(0, split);
  const data = Array.from(address.slice(split + 1), (letter) => bech32.indexOf(letter));
  if (split < 1 || data.length < 6 || data.includes(-1)) return false;
  const units = Array.from(prefix, (letter) => letter.charCodeAt(0));
  const sum = polymod([...units.map((unit) => unit >> 5), 0, ...units.map((unit) => unit & 31), ...data]);
  return sum === bech32Constant || sum === bech32mConstant;
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generator.forEach((term, bit) => {
      if (((top >>> bit) & 1) === 1) sum ^= term;
    });
  }
  return sum;
}
