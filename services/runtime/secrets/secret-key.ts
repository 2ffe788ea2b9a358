/**
 * The key of BREAKWATER_SECRET_KEY: 32 bytes, as base64 or hex. Several,
 * separated by commas, are a rotation: the first seals and hashes, all open.
 * Nothing is used as it is; every purpose has its own key, derived by HKDF.
 */
import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

const keyBytes = 32;

export interface SecretKey {
  /** Says which key sealed a box; tells nothing of the key. */
  readonly id: string;
  /** 32 bytes for one purpose. */
  derive(purpose: string): Buffer;
  /** The same as a key object: a hash or a box under it costs a quarter of what it does under the bytes. */
  keyFor(purpose: string): KeyObject;
}

/** What is wrong with the setting, or null. Never quotes it. */
export function secretKeyDefect(setting: string): string | null {
  return setting.split(",").every((part) => keyBytesOf(part.trim()) !== null)
    ? null
    : "must be 32 bytes as base64 or hex";
}

/** The keys, the one in use first. @throws Error when the setting is none: it is checked when settings are read. */
export function secretKeysOf(setting: string): readonly [SecretKey, ...SecretKey[]] {
  const [first, ...others] = setting.split(",").map((part) => secretKey(part.trim()));
  if (first === undefined) throw new Error("no secret key");
  return [first, ...others];
}

function secretKey(written: string): SecretKey {
  const bytes = keyBytesOf(written);
  if (bytes === null) throw new Error("a secret key must be 32 bytes as base64 or hex");
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", bytes, "breakwater", `breakwater/${purpose}/v1`, keyBytes));
  const keyFor = (purpose: string): KeyObject => createSecretKey(derive(purpose));
  return { id: derive("key-id").toString("hex", 0, 8), derive, keyFor };
}

/** 32 bytes written as base64 or hex; null for anything else. */
export function keyBytesOf(written: string): Buffer | null {
  if (/^[0-9a-fA-F]{64}$/.test(written)) return Buffer.from(written, "hex");
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(written)) return null;
  const bytes = Buffer.from(written, "base64");
  return bytes.length === keyBytes ? bytes : null;
}
