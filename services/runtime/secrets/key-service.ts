/**
 * Who wraps data keys, and unwraps them: a key that never leaves it. The one
 * there is derives its key from BREAKWATER_SECRET_KEY; a cloud's key service
 * would be another of the same shape, and its own calls wait on the network.
 */
import { openBox, sealBox } from "./box.ts";
import { secretKeysOf } from "./secret-key.ts";

export interface WrappedKey {
  readonly wrapped: string;
  /** Which of the service's keys unwraps it. */
  readonly wrapped_by: string;
}

export interface KeyService {
  /** `keyId`: what the data key is known by; it unwraps under no other name. */
  readonly wrap: (keyId: string, dataKey: Buffer) => Promise<WrappedKey>;
  /** Null: it was wrapped by a key that this service does not hold, or altered. */
  readonly unwrap: (keyId: string, wrapped: WrappedKey) => Promise<Buffer | null>;
}

/** `setting`: the value of BREAKWATER_SECRET_KEY; of several keys the first wraps, all unwrap. */
export function openEnvironmentKeys(setting: string): KeyService {
  const keys = secretKeysOf(setting).map((key) => ({ id: `env:${key.id}`, wrapping: key.derive("data-keys") }));
  const [current] = keys;
  return {
    wrap: (keyId, dataKey) => {
      if (current === undefined) throw new Error("no secret key");
      const wrapped = sealBox(current.wrapping, dataKey, keyId).toString("base64");
      return Promise.resolve({ wrapped, wrapped_by: current.id });
    },
    unwrap: (keyId, { wrapped, wrapped_by }) => {
      const key = keys.find(({ id }) => id === wrapped_by);
      return Promise.resolve(key === undefined ? null : openBox(key.wrapping, Buffer.from(wrapped, "base64"), keyId));
    },
  };
}
