/**
 * What each of our processes may do on Kafka, and nothing beside: made from who
 * writes and who reads in topics/catalog.ts. A stage also writes the dead
 * letters of what it consumes, and commits in its own group. There is no
 * transactional id: no process uses transactions or the idempotent producer.
 * `node infra/kafka/acls.ts` writes acls.sh; its test fails when that is stale.
 */
import { writeFileSync } from "node:fs";
import { stageName } from "../../schemas/parts/codes.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { catalog, consumedTopics, deadLettersReadBy, deadLetterTopicOf, topicSpec } from "../../topics/catalog.ts";
import type { TopicSpec } from "../../topics/topic-spec.ts";

export const aclFile = new URL("./acls.sh", import.meta.url);

const stages = [...stageName.options, "alerts", "audit-seal"] as const;

/** Those of the catalog; the gateway and the command line publish requests, too. */
export const principals = [...stages, "gateway", "cli", "publishers"] as const;
export type Principal = (typeof principals)[number];

export interface Grant {
  readonly principal: Principal;
  readonly resource: "topic" | "group" | "cluster";
  readonly pattern: "literal" | "prefixed";
  readonly names: readonly string[];
  /** Write and Read let describe, too. */
  readonly operation: "Read" | "Write" | "Describe" | "Create" | "Delete";
}

/** Kafka users are named after the catalog's. */
export function userOf(principal: Principal): string {
  return `breakwater-${principal}`;
}

/** Groups of programs that read results begin so. */
export const publisherGroups = "breakwater-publishers-";

export function grantsOf(principal: Principal): readonly Grant[] {
  const grants: readonly Omit<Grant, "principal">[] = [
    { resource: "topic", pattern: "literal", operation: "Write", names: writtenBy(principal) },
    { resource: "topic", pattern: "literal", operation: "Read", names: readBy(principal) },
    ...besides(principal),
  ];
  return grants.filter(({ names }) => names.length > 0).map((grant) => ({ principal, ...grant }));
}

function writtenBy(principal: Principal): readonly string[] {
  const own = catalog.filter((spec) => rolesOf(principal).some((role) => who(spec.writtenBy).includes(role)));
  const givenUp = consumedTopics.filter((topic) => topicSpec(topic).readBy.includes(principal));
  const deadLetters = isStage(principal) ? givenUp.map(deadLetterTopicOf) : [];
  return [...own.map(({ name }) => name), ...deadLetters];
}

function readBy(principal: Principal): readonly string[] {
  const own = catalog.filter((spec) => rolesOf(principal).some((role) => who(spec.readBy).includes(role)));
  const deadLetters = deadLettersReadBy.some((reader) => reader === principal) ? consumedTopics : [];
  return [...own.map(({ name }) => name), ...deadLetters.map(deadLetterTopicOf)];
}

/** Those who watch the stages see how far topics and groups are; of what is on them, only what the catalog says. */
function besides(principal: Principal): readonly Omit<Grant, "principal">[] {
  if (principal === "publishers")
    return [{ ...groups, pattern: "prefixed", operation: "Read", names: [publisherGroups] }];
  if (isStage(principal))
    return [
      { resource: "topic", pattern: "literal", operation: "Delete", names: trimmedBy(principal) },
      { ...groups, operation: "Read", names: stages.filter((stage) => stage === principal).map(consumerGroupOf) },
    ];
  const creates = { resource: "cluster", pattern: "literal", operation: "Create", names: ["kafka-cluster"] } as const;
  return [
    { resource: "topic", pattern: "prefixed", operation: "Describe", names: ["harness-"] },
    { ...groups, operation: "Describe", names: stages.map(consumerGroupOf) },
    ...(principal === "cli" ? [creates] : []),
  ];
}

/** Who reads requests deletes what it has read, after a time. */
function trimmedBy(principal: Principal): readonly string[] {
  return catalog.flatMap((spec: TopicSpec) =>
    spec.trimmedMs !== undefined && who(spec.readBy)[0] === principal ? [spec.name] : [],
  );
}

const groups = { resource: "group", pattern: "literal" } as const;

function isStage(principal: Principal): boolean {
  return stages.some((stage) => stage === principal);
}

function rolesOf(principal: Principal): readonly string[] {
  return principal === "gateway" || principal === "cli" ? [principal, "publishers"] : [principal];
}

/** `model-invoke (takeover)` is model-invoke. */
function who(services: readonly string[]): readonly string[] {
  return services.map((service) => service.replace(/ \(.*\)$/, ""));
}

const head = `#!/bin/sh
# Made from topics/catalog.ts by \`node infra/kafka/acls.ts\`: what each process of
# Breakwater may do on Kafka. Run it once, as a user that may alter the cluster:
#   KAFKA_BROKERS=... ADMIN_CONFIG=admin.properties sh infra/kafka/acls.sh
# Users are named breakwater-<service>; each process is given its own in
# KAFKA_SASL_USERNAME. With SCRAM, make them first, for example:
#   kafka-configs.sh --bootstrap-server ... --alter --entity-type users --entity-name breakwater-input-scan \\
#     --add-config 'SCRAM-SHA-512=[password=...]'
# allow.everyone.if.no.acl.found must be false (it is by default).
set -eu
allow() {
  kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$ADMIN_CONFIG" --add --force "$@"
}
`;

export function aclScript(): string {
  const parts = principals.map((principal) => `\n# ${principal}\n${grantsOf(principal).map(commandOf).join("")}`);
  return head + parts.join("");
}

function commandOf({ principal, resource, pattern, names, operation }: Grant): string {
  const resources =
    resource === "cluster"
      ? ["--cluster"]
      : [`--resource-pattern-type ${pattern}`, ...names.map((name) => `--${resource} ${name}`)];
  return `allow --allow-principal User:${userOf(principal)} --operation ${operation} \\\n  ${resources.join(" \\\n  ")}\n`;
}

if (import.meta.main) writeFileSync(aclFile, aclScript());
