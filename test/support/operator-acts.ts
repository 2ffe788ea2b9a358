/**
 * Every command and every route that can change something, with the record that
 * it leaves on harness-audit. The one list of this: test/layout walks commands,
 * routes and sources against it, test/broker does what it can and looks.
 */
export type Trace =
  | {
      /** Told before it is done, by the operator's name or the key's id. */
      readonly leaves: "change" | "erasure";
      readonly actions: readonly string[];
      /** The test that does it and looks, where test/broker/operator-acts.test.ts does not. */
      readonly heldBy?: string;
    }
  /** The stages audit what becomes of it, under the run's id. */
  | { readonly leaves: "decision"; readonly heldBy: string }
  | { readonly leaves: "nothing"; readonly because: string };

const reads = { leaves: "nothing", because: "it only reads" } as const;
const offline = { leaves: "nothing", because: "it needs no system and changes none" } as const;
const cannotUndo = {
  leaves: "nothing",
  because: "it makes what is missing and changes nothing that is there",
} as const;
const isRun = { leaves: "decision", heldBy: "test/pipeline/journeys.test.ts" } as const;
const isReview = { leaves: "decision", heldBy: "test/broker/output-validate-reviews.test.ts" } as const;
const change = (...actions: readonly string[]): Trace => ({ leaves: "change", actions });
const changeHeldBy = (heldBy: string, ...actions: readonly string[]): Trace => ({ leaves: "change", actions, heldBy });

export const commandTraces: Readonly<Record<string, Trace>> = {
  up: change("harness.applied", "signatures.applied", "key.created"),
  setup: change("harness.applied", "signatures.applied"),
  "topics create": cannotUndo,
  publish: isRun,
  batch: isRun,
  "batch cancel": change("batch.cancelled"),
  "runs show": reads,
  "runs list": reads,
  "runs cancel": change("run.cancelled"),
  costs: reads,
  "costs movers": reads,
  "costs reliability": reads,
  "costs per-success": reads,
  "costs savings": reads,
  "costs cache": reads,
  "costs latency": reads,
  "costs guards": reads,
  "costs outcomes": reads,
  "costs burn-down": reads,
  "costs reconcile": reads,
  "costs statement": reads,
  "costs export": reads,
  breakers: reads,
  status: reads,
  "dlq list": reads,
  "dlq show": reads,
  "dlq replay": change("dead_letter.replayed", "dead_letter.mended"),
  "reviews list": reads,
  "reviews show": reads,
  "reviews approve": isReview,
  "reviews edit": isReview,
  "reviews reject": isReview,
  "harness apply": change("harness.applied", "harness.shadow", "harness.canary"),
  "harness lint": offline,
  "harness list": reads,
  "signatures apply": change("signatures.applied"),
  "signatures test": offline,
  "signatures list": reads,
  "signatures diff": reads,
  "budgets set": change("budget.set"),
  "budgets list": reads,
  "budgets unset": change("budget.unset"),
  "alerts list": reads,
  "alerts tail": reads,
  "prices set": change("price.set"),
  "prices reprice": change("calls.repriced"),
  "prices list": reads,
  "prices unset": change("price.unset"),
  erase: {
    leaves: "erasure",
    actions: ["asked", "complete"],
    heldBy: "test/broker/erasure.test.ts",
  },
  "keys create": change("key.created"),
  "keys list": reads,
  "keys rotate": change("key.rotated"),
  "keys revoke": change("key.revoked"),
  "audit verify": reads,
  "audit heads": reads,
  "audit export": change("audit.exported"),
  "audit events": reads,
  "audit pii": reads,
  scan: offline,
  check: offline,
  pause: change("paused"),
  resume: change("resumed"),
  pauses: reads,
};

const letters = "services/gateway/dead-letters/letter-routes.test.ts";

/** Of every route that is no GET. */
export const routeTraces: Readonly<Record<string, Trace>> = {
  "POST /v1/chat/completions": isRun,
  "POST /v1/messages": isRun,
  "POST /v1/runs": isRun,
  "POST /v1/batches": isRun,
  "DELETE /v1/runs/:id": changeHeldBy("services/gateway/runs/open-run-desk.test.ts", "run.cancelled"),
  "POST /v1/batches/:id/cancel": changeHeldBy(
    "services/gateway/batches/desk/open-batch-desk.test.ts",
    "batch.cancelled",
  ),
  "POST /v1/reviews/:id/check": reads,
  "POST /v1/reviews/:id/decision": isReview,
  "POST /v1/dead-letters/replays/estimate": reads,
  "POST /v1/dead-letters/replays": changeHeldBy(letters, "dead_letter.replayed"),
  "POST /console/session": {
    leaves: "nothing",
    because: "a session is a key in another form: what is done in it is told under the key's id",
  },
  "DELETE /console/session": { leaves: "nothing", because: "it ends a session" },
};
