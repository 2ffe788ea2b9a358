/**
 * Who sent a request, as its key says: what the key opens, and what its client
 * may use up. Every route asks here; none reads a key itself.
 */
export interface Client {
  readonly clientId: string;
  readonly keyId: string;
  /** What the key is for, in the words of the operator who made it. */
  readonly label?: string;
  readonly scopes: Scopes;
  readonly limits: ClientLimits;
  /** Of a caller that logged in to the console; absent for one that sent its key. */
  readonly session?: { readonly expiresAtMs: number };
}

export interface Scopes {
  /** Harnesses that may be run; null: all. */
  readonly harnesses: readonly string[] | null;
  /** Keys, all clients' runs and costs, dead letters, decisions on held answers. */
  readonly admin: boolean;
  /** Decisions on held answers. */
  readonly review: boolean;
}

/** Absent: the gateway's own defaults, which its settings name. */
export interface ClientLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly bodyBytes?: number | undefined;
  readonly promptTokens?: number | undefined;
}

/** What a route asks of whoever calls it. `run`: it can spend, and passes admission with the run it hands in. */
export type Access = "open" | "key" | "run" | "review" | "admin";
