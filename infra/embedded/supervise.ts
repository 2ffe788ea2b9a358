/**
 * Starts the embedded parts in their order, starts one again on its port when
 * its process ends by itself, and stops them in reverse. Knows nothing of what
 * a part is: it gets a function that starts it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedMessage, EmbeddedPart } from "../../services/runtime/process/embedded-state.ts";

export interface RunningPart {
  /** host:port or URL, what a client is given. */
  readonly address: string;
  /** This process's own when the part runs inside it. */
  readonly pid: number;
  /** Resolves when the part's process ends, for whatever reason. */
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

export interface PartPlan {
  readonly part: EmbeddedPart;
  /** `port` is given when it has to answer where it did before. Addresses of parts started before are passed in. */
  start(options: { readonly port: number | undefined; readonly addresses: Addresses }): Promise<RunningPart>;
  readonly port: number | undefined;
}

export type Addresses = Partial<Record<EmbeddedPart, string>>;

export interface SuperviseOptions {
  readonly plans: readonly PartPlan[];
  readonly tell: (message: EmbeddedMessage) => void;
  readonly note: (part: EmbeddedPart, address: string, pid: number) => void;
  /** A part that keeps ending, or does not start: nothing here can mend it. */
  readonly giveUp: (part: EmbeddedPart, reason: string) => void;
}

/** A part that ended this often within `restartWindowMs` is given up. */
const maxRestarts = 5;
const restartWindowMs = 120_000;

export class Supervisor {
  readonly #options: SuperviseOptions;
  readonly #running = new Map<EmbeddedPart, RunningPart>();
  readonly #restarts = new Map<EmbeddedPart, number[]>();
  readonly #addresses: Addresses = {};
  #stopping = false;
  #starting: Promise<unknown> = Promise.resolve();

  constructor(options: SuperviseOptions) {
    this.#options = options;
  }

  /** Errors: the first part's that does not start; parts started before it keep running until `stop`. */
  start(): Promise<Addresses> {
    const started = this.#startAll();
    this.#starting = started.catch(() => undefined);
    return started;
  }

  async #startAll(): Promise<Addresses> {
    for (const plan of this.#options.plans) {
      if (this.#stopping) break;
      this.#options.tell({ kind: "starting", part: plan.part });
      const from = Date.now();
      const running = await this.#launch(plan, plan.port);
      this.#options.tell({ kind: "started", part: plan.part, address: running.address, tookMs: Date.now() - from });
    }
    return { ...this.#addresses };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#starting;
    for (const [, running] of [...this.#running].toReversed()) await running.stop();
    this.#running.clear();
  }

  async #launch(plan: PartPlan, port: number | undefined): Promise<RunningPart> {
    const running = await plan.start({ port, addresses: { ...this.#addresses } });
    this.#options.note(plan.part, running.address, running.pid);
    this.#running.set(plan.part, running);
    this.#addresses[plan.part] = running.address;
    void running.exited.then(() => this.#ended(plan, running));
    return running;
  }

  async #ended(plan: PartPlan, running: RunningPart): Promise<void> {
    if (this.#stopping || this.#running.get(plan.part) !== running) return;
    const recent = [...(this.#restarts.get(plan.part) ?? []), Date.now()].filter(
      (at) => at > Date.now() - restartWindowMs,
    );
    this.#restarts.set(plan.part, recent);
    if (recent.length > maxRestarts) {
      this.#options.giveUp(plan.part, `it ended ${recent.length} times within ${restartWindowMs / 1000} s`);
      return;
    }
    await sleep(250 * 2 ** (recent.length - 1));
    if (this.#stopping) return;
    const restarted = this.#restart(plan, running);
    this.#starting = restarted;
    await restarted;
  }

  async #restart(plan: PartPlan, before: RunningPart): Promise<void> {
    try {
      const again = await this.#launch(plan, portOf(before.address));
      this.#options.tell({ kind: "restarted", part: plan.part, address: again.address });
    } catch (error) {
      this.#options.giveUp(plan.part, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Of `host:port` or a URL. */
export function portOf(address: string): number {
  const authority = address.includes("://") ? new URL(address).host : address;
  return Number(authority.slice(authority.lastIndexOf(":") + 1));
}
