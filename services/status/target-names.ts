/** What breakers and pauses are called, for people: keys by place and fingerprint, never the key itself. Pure. */
import type { BreakerRecord } from "../../schemas/control/breaker.ts";
import type { PauseTarget } from "../../schemas/control/command.ts";

/** A key by its place in the list of who saw it. */
export function breakerName({ provider, model, key }: Pick<BreakerRecord, "provider" | "model" | "key">): string {
  if (key === undefined) return `${provider}/${model}`;
  return `${provider}${model === "*" ? "" : `/${model}`} key ${key.position} (${key.fingerprint})`;
}

export function pauseName(target: PauseTarget): string {
  switch (target.scope) {
    case "client":
      return `client ${target.client_id}`;
    case "harness":
      return `harness ${target.harness}`;
    case "provider":
      return target.model === undefined ? `provider ${target.provider}` : `${target.provider}/${target.model}`;
  }
}
