/**
 * What operators have ordered, from harness-commands: whether a run is
 * cancelled, and who is paused. Asked by key, so that it costs the same however
 * many orders there are. Cancellations are not forgotten by any clock here:
 * whoever orders next deletes those that are over.
 */
import { commandKey, commandRecord, type CommandRecord } from "../../../schemas/control/command.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { DocumentRef } from "../../../schemas/parts/identity.ts";
import { openControlTable, type ControlTable, type ControlTableOptions } from "../control-table.ts";

/** Who a run is for, as far as orders name it. */
export interface OrderedRun {
  readonly run_id: string;
  readonly client_id: string;
  readonly document?: Pick<DocumentRef, "batch_id"> | undefined;
}

export type CommandTable = Pick<ControlTable<CommandRecord>, "entries" | "get" | "onChange" | "close">;

/** Errors: TransientError broker_unavailable, also when the topic does not exist. */
export async function openCommands({
  reader,
  logger,
}: Pick<ControlTableOptions<CommandRecord>, "reader" | "logger">): Promise<Commands> {
  return new Commands(await openControlTable({ reader, topic: "harness-commands", parse: readCommand, logger }));
}

export class Commands {
  readonly #table: CommandTable;

  constructor(table: CommandTable) {
    this.#table = table;
  }

  /** Why the run is to end at once, whatever its state; null when nobody ordered it. */
  cancellation({ run_id, client_id, document }: OrderedRun): Reason | null {
    const run = this.#find({ scope: "run", run_id });
    if (run !== undefined) return reasonOf("cancelled", "the run was cancelled", run);
    if (document === undefined) return null;
    const batch = this.#find({ scope: "batch", client_id, batch_id: document.batch_id });
    return batch === undefined ? null : reasonOf("cancelled", "its batch was cancelled", batch);
  }

  /** Why nothing is to be paid for the run for now. */
  pauseOfRun({ client_id, harness }: { readonly client_id: string; readonly harness: string }): Reason | null {
    const client = this.#find({ scope: "client", client_id });
    if (client !== undefined) return reasonOf("paused", "its client is paused", client);
    const paused = this.#find({ scope: "harness", harness });
    return paused === undefined ? null : reasonOf("paused", "its harness is paused", paused);
  }

  isModelPaused({ provider, model }: { readonly provider: ProviderOf; readonly model: string }): boolean {
    const scope = "provider";
    return this.#find({ scope, provider }) !== undefined || this.#find({ scope, provider, model }) !== undefined;
  }

  /** Called after each change. */
  onChange(listener: () => void): void {
    this.#table.onChange(listener);
  }

  close(): Promise<void> {
    return this.#table.close();
  }

  #find(target: CommandRecord["target"]): CommandRecord | undefined {
    return this.#table.entries().size === 0 ? undefined : this.#table.get(commandKey(target));
  }
}

type ProviderOf = Extract<CommandRecord["target"], { readonly scope: "provider" }>["provider"];

function reasonOf(code: string, what: string, { why }: CommandRecord): Reason {
  return { code, message: why === undefined ? what : `${what}: ${why}`, rule: "ordered" };
}

/** @throws Error when it is no order, or stands under another's key. */
export function readCommand(value: unknown, key: string): CommandRecord {
  const record = commandRecord.parse(value);
  if (commandKey(record.target) !== key) throw new Error("the order's target is not its key");
  return record;
}
