/**
 * docker-compose.yml cannot be started everywhere, so it is read: every setting
 * is one that its service knows, every value passes the service's own rule,
 * every file it names exists, and the collector's pipelines join up.
 * (Kafka's own settings are checked against a running broker in test/broker.)
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { variables } from "../../services/runtime/variables.ts";

const service = z.object({
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))]).optional(),
});
const compose = z.object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) });

const file = compose.parse(parse(readFileSync("docker-compose.yml", "utf8"), { merge: true }));
const ours = Object.entries(file.services).filter(([, { image }]) => image === "breakwater:local");

/** What each official image's documentation lists and we set. */
const knownToImage: Readonly<Record<string, readonly string[]>> = {
  clickhouse: ["CLICKHOUSE_DB", "CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD"],
  registry: [
    "SCHEMA_REGISTRY_HOST_NAME",
    "SCHEMA_REGISTRY_LISTENERS",
    "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS",
    "SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR",
  ],
  "otel-collector": [],
  jaeger: [],
  prometheus: [],
  grafana: [
    "GF_SECURITY_ADMIN_PASSWORD",
    "GF_PLUGINS_PREINSTALL",
    "GF_ANALYTICS_REPORTING_ENABLED",
    // Read by our own data source's provisioning.
    "CLICKHOUSE_PASSWORD",
  ],
};

/** The OpenTelemetry SDK's own variables that we set. */
const openTelemetry = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_TRACES_SAMPLER",
  "OTEL_TRACES_SAMPLER_ARG",
  "OTEL_METRIC_EXPORT_INTERVAL",
  "OTEL_NODE_RESOURCE_DETECTORS",
];

/** `${NAME:-default}` as compose resolves it with an empty environment. */
function resolved(value: string): string {
  return value.replaceAll(/\$\{[A-Z_]+(?::-([^}]*))?\}/g, (_, fallback: string | undefined) => fallback ?? "");
}

test("the four stages, alerts, audit-seal, the gateway, the set-up and the command are services of our image", () => {
  assert.deepEqual(ours.map(([name]) => name).toSorted(), [
    "alerts",
    "audit-seal",
    "cli",
    "cost-aggregate",
    "gateway",
    "input-scan",
    "model-invoke",
    "output-validate",
    "setup",
  ]);
});

test("every setting of our services is one that they read, with a value that its rule accepts", () => {
  for (const [name, { environment = {} }] of ours) {
    for (const [variable, value] of Object.entries(environment)) {
      if (openTelemetry.includes(variable)) continue;
      const entry = Object.entries(variables).find(([known]) => known === variable);
      assert.ok(entry, `${name}: ${variable} is not a variable that Breakwater reads`);
      const outcome = entry[1].safeParse(resolved(value));
      assert.ok(outcome.success, `${name}: ${variable}=${value}: ${outcome.error?.message ?? ""}`);
    }
  }
});

test("every setting of an official image is one that the image documents", () => {
  for (const [name, known] of Object.entries(knownToImage)) {
    const set = Object.keys(file.services[name]?.environment ?? {});
    assert.deepEqual(
      set.filter((variable) => !known.includes(variable)),
      [],
      name,
    );
  }
});

test("every file that a service starts or mounts exists", () => {
  for (const [name, { command = [], entrypoint = [], volumes = [] }] of Object.entries(file.services)) {
    const started = [...command, ...entrypoint].filter((word) => word.endsWith(".ts"));
    const mounted = volumes.filter((volume) => volume.startsWith("./")).map((volume) => volume.split(":")[0] ?? "");
    for (const wanted of [...started, ...mounted]) assert.ok(existsSync(wanted), `${name}: ${wanted} is missing`);
  }
});

test("every service that another waits for is there, and every named volume is declared", () => {
  for (const [name, { depends_on: waits = [], volumes = [] }] of Object.entries(file.services)) {
    for (const wanted of Array.isArray(waits) ? waits : Object.keys(waits)) {
      assert.ok(file.services[wanted], `${name} waits for ${wanted}, which is no service`);
    }
    const named = volumes.filter((volume) => !volume.startsWith("./")).map((volume) => volume.split(":")[0] ?? "");
    for (const volume of named) assert.ok(volume in file.volumes, `${name}: volume ${volume} is not declared`);
  }
});

test("the image copies every folder that the services import from", () => {
  const dockerfile = readFileSync("infra/Dockerfile", "utf8");
  const ignored = readFileSync(".dockerignore", "utf8");
  for (const folder of ["schemas", "topics", "services", "harnesses", "infra/clickhouse"]) {
    assert.match(dockerfile, new RegExp(`^COPY ${folder} ${folder}$`, "m"));
    assert.match(ignored, new RegExp(`^!${folder}$`, "m"));
  }
});

test("the collector's pipelines name receivers, processors and exporters that it defines", () => {
  const part = z.record(z.string(), z.unknown());
  const collector = z
    .object({
      receivers: part,
      processors: part,
      exporters: part,
      service: z.object({
        pipelines: z.record(
          z.string(),
          z.object({ receivers: z.array(z.string()), processors: z.array(z.string()), exporters: z.array(z.string()) }),
        ),
      }),
    })
    .parse(parse(readFileSync("infra/otel/collector.yaml", "utf8")));
  for (const [name, pipeline] of Object.entries(collector.service.pipelines)) {
    for (const used of pipeline.receivers) assert.ok(used in collector.receivers, `${name}: ${used}`);
    for (const used of pipeline.processors) assert.ok(used in collector.processors, `${name}: ${used}`);
    for (const used of pipeline.exporters) assert.ok(used in collector.exporters, `${name}: ${used}`);
  }
});
