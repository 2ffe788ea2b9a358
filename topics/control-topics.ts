/**
 * The control topics: one partition each, read whole by every process that
 * needs them. Part of the catalog, after the topics that runs flow through.
 */
import { breakerRecord } from "../schemas/control/breaker.ts";
import { commandRecord } from "../schemas/control/command.ts";
import { budgetRecord } from "../schemas/control/budget.ts";
import { clientKey } from "../schemas/control/client.ts";
import { contentKeyRecord } from "../schemas/control/content-key.ts";
import { definitionRecord } from "../schemas/control/harness-definition.ts";
import { priceRecord } from "../schemas/control/price.ts";
import { signaturePack } from "../schemas/control/signature-pack.ts";
import { alertRecord } from "../schemas/control/alert.ts";
import { batchRecord } from "../schemas/control/batch.ts";
import { leaseRecord } from "../schemas/records/lease.ts";
import { day, keyCompactionMs, leaseRetentionMs } from "./retention.ts";
import type { TopicSpec } from "./topic-spec.ts";

export const controlTopics = [
  {
    name: "harness-alerts",
    role: "control",
    carries: "what operators are told of budgets and of surges in spend; the first of an alert by offset counts",
    schema: alertRecord,
    key: "alert_id",
    writtenBy: ["alerts"],
    readBy: ["alerts", "gateway", "cli"],
    // As long as the leases: an alert of a window that runs is known again after a restart.
    retentionMs: leaseRetentionMs,
  },
  {
    name: "harness-definitions",
    role: "control",
    carries: "harness definitions by name@version, and the current version by name",
    schema: definitionRecord,
    key: "name@version or name",
    writtenBy: ["cli"],
    readBy: ["input-scan", "model-invoke", "output-validate", "gateway", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-signatures",
    role: "control",
    carries: "injection signature packs",
    schema: signaturePack,
    key: "pack",
    writtenBy: ["cli"],
    readBy: ["input-scan", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-breakers",
    role: "control",
    carries: "circuit breakers as the processes that call saw them last",
    schema: breakerRecord,
    key: "provider/model",
    writtenBy: ["model-invoke"],
    readBy: ["model-invoke", "gateway", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-commands",
    role: "control",
    carries: "what operators order: pauses until they are resumed, cancellations of runs and batches",
    schema: commandRecord,
    key: "the target as a JSON list",
    writtenBy: ["cli", "gateway"],
    readBy: ["input-scan", "model-invoke", "output-validate", "gateway", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-clients",
    role: "control",
    carries: "keys of the gateway, each with what it opens and what its client may use up; no secrets",
    schema: clientKey,
    key: "key_id",
    writtenBy: ["cli"],
    readBy: ["gateway", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-subject-keys",
    role: "control",
    carries: "keys that data subjects' content is sealed under, themselves wrapped; a tombstone erases what it sealed",
    schema: contentKeyRecord,
    key: "key_id",
    writtenBy: ["input-scan", "model-invoke", "output-validate", "gateway", "cli"],
    readBy: ["input-scan", "model-invoke", "output-validate", "gateway", "cli"],
    retentionMs: null,
    compactedWithinMs: keyCompactionMs,
  },
  {
    name: "harness-batches",
    role: "control",
    carries: "batches that the gateway took in, without content; the first record of a batch by offset counts",
    schema: batchRecord,
    key: "batch_id",
    writtenBy: ["gateway"],
    readBy: ["gateway"],
    retentionMs: 30 * day,
  },
  {
    name: "harness-budgets",
    role: "control",
    carries: "what clients, features and harnesses may spend",
    schema: budgetRecord,
    key: "budget_id",
    writtenBy: ["cli"],
    readBy: ["model-invoke", "alerts", "gateway", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-prices",
    role: "control",
    carries: "negotiated prices, each for a provider's models between two moments",
    schema: priceRecord,
    key: "price_id",
    writtenBy: ["cli"],
    readBy: ["input-scan", "model-invoke", "output-validate", "gateway", "cli"],
    retentionMs: null,
  },
  {
    name: "harness-leases",
    role: "control",
    carries: "amounts of budgets that processes ask for, spend and give back; the log decides",
    schema: leaseRecord,
    key: "budget_id",
    writtenBy: ["model-invoke"],
    readBy: ["model-invoke", "alerts", "gateway", "cli"],
    retentionMs: leaseRetentionMs,
  },
] as const satisfies readonly TopicSpec[];
