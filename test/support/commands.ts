/** Orders in force, for tests: as a stage reads them, changed by what is ordered and withdrawn. */
import { commandKey, type CommandRecord } from "../../schemas/control/command.ts";
import { Commands, type CommandTable } from "../../services/runtime/commands/commands.ts";

export type Target = CommandRecord["target"];

/** A pause or a cancellation of the target, ordered at time 0 and never over. */
export function orderOf(target: Target, why?: string): CommandRecord {
  const more = { ordered_at_ms: 0, ...(why === undefined ? {} : { why }) };
  return target.scope === "run" || target.scope === "batch"
    ? { kind: "cancel", target, until_ms: Number.MAX_SAFE_INTEGER, ...more }
    : { kind: "pause", target, ...more };
}

export class TestCommands extends Commands {
  readonly #orders: Map<string, CommandRecord>;
  readonly #listeners: Parameters<CommandTable["onChange"]>[0][];

  constructor(targets: readonly Target[] = []) {
    const orders = new Map(targets.map((target) => [commandKey(target), orderOf(target)]));
    const listeners: Parameters<CommandTable["onChange"]>[0][] = [];
    super({
      entries: () => orders,
      get: (key) => orders.get(key),
      onChange: (listener) => void listeners.push(listener),
      close: () => Promise.resolve(),
    });
    this.#orders = orders;
    this.#listeners = listeners;
  }

  order(target: Target, why?: string): void {
    this.#change(commandKey(target), orderOf(target, why));
  }

  withdraw(target: Target): void {
    this.#change(commandKey(target), undefined);
  }

  #change(key: string, record: CommandRecord | undefined): void {
    if (record === undefined) this.#orders.delete(key);
    else this.#orders.set(key, record);
    for (const tell of this.#listeners) tell(key, record);
  }
}
