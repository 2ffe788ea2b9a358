/**
 * The breakers of all keys of all providers: who is told when one changes, what
 * is learnt from other processes, and which models have no key left. A key is
 * named by a fingerprint and its place in its list, never by itself.
 */
import { scryptSync } from "node:crypto";
import { KeyPool, type KeyState, type KeyTrouble, type KeyUse } from "./key-pool.ts";

export interface NamedKey {
  readonly provider: string;
  /** Or `*`: the key is out for all models. */
  readonly model: string;
  readonly fingerprint: string;
  /** Its place in this process' list, from 1. */
  readonly position: number;
}

export interface KeyChange extends NamedKey {
  /** Null when the key works again. */
  readonly trouble: KeyTrouble | null;
}

export class KeyBreakers {
  readonly #pools = new Map<string, { readonly pool: KeyPool; readonly fingerprints: readonly string[] }>();
  readonly #listeners: ((change: KeyChange) => void)[] = [];

  open(provider: string, keys: readonly string[]): KeyPool {
    const fingerprints = keys.map((key) => fingerprintOf(provider, key));
    const pool = new KeyPool(keys.length, ({ index, model }, trouble) => {
      const fingerprint = fingerprints[index] ?? "";
      for (const tell of this.#listeners) tell({ provider, model, fingerprint, position: index + 1, trouble });
    });
    this.#pools.set(provider, { pool, fingerprints });
    return pool;
  }

  onChange(listener: (change: KeyChange) => void): void {
    this.#listeners.push(listener);
  }

  /** Every key of this provider is rejected for this model, and no probe is due. */
  isOut({ provider, model }: Pick<NamedKey, "provider" | "model">): boolean {
    return this.#pools.get(provider)?.pool.isOut(model, Date.now()) ?? false;
  }

  /** A key that is not among ours is somebody else's. */
  learn({ provider, model, fingerprint, trouble }: Omit<KeyChange, "position">): void {
    const known = this.#pools.get(provider);
    const index = known?.fingerprints.indexOf(fingerprint) ?? -1;
    const use: KeyUse = { index, model };
    if (index >= 0) known?.pool.learn(use, trouble, Date.now());
  }

  /** Every key that is not in order. */
  states(): (NamedKey & { readonly state: KeyState })[] {
    return [...this.#pools].flatMap(([provider, { pool, fingerprints }]) =>
      pool.states(Date.now()).map(({ index, model, state }) => {
        return { provider, model, state, fingerprint: fingerprints[index] ?? "", position: index + 1 };
      }),
    );
  }
}

/** Says which of its own keys it is to who has the keys; 32 bits and a slow hash tell nobody else even of a weak one. */
function fingerprintOf(provider: string, key: string): string {
  return scryptSync(key, `breakwater/${provider}`, 4, { N: 1024 }).toString("hex");
}
