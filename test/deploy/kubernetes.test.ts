/**
 * infra/kubernetes cannot be applied everywhere, so it is read: every document
 * keeps the schema of its API, and what it names exists: settings and their
 * rules, files of the image, probes, secrets' files, topics and groups, labels.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ScaledObject, TriggerAuthentication } from "@kubernetes-models/keda/keda.sh/v1alpha1";
import { Deployment } from "kubernetes-models/apps/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Job } from "kubernetes-models/batch/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Namespace, Service } from "kubernetes-models/v1";
import { z } from "zod";
import { principals, userOf } from "../../infra/kafka/acls.ts";
import { readConfig } from "../../services/runtime/config.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { secretVariables, variables, type VariableName } from "../../services/runtime/variables.ts";
import { consumedTopics, topicSpec } from "../../topics/catalog.ts";
import { folder, keyOf, manifestsOf, podTemplate, unnamedFiles, type Manifest } from "./kubernetes.ts";

const base = path.join(folder, "base");
const overlays = globSync(`${folder}/overlays/*`);
const all = manifestsOf(base);
const stages = ["input-scan", "model-invoke", "output-validate", "cost-aggregate"] as const;
const services = [...stages, "audit-seal", "alerts", "gateway"] as const;

interface Model {
  readonly validate: () => void;
}

/** What the API server would say of it. The classes take what TypeScript knows; what a file holds is JSON to them. */
const models: Readonly<Record<string, (document: Manifest) => Model>> = {
  "apps/v1 Deployment": (document) => Object.assign(new Deployment(), document),
  "autoscaling/v2 HorizontalPodAutoscaler": (document) => Object.assign(new HorizontalPodAutoscaler(), document),
  "batch/v1 Job": (document) => Object.assign(new Job(), document),
  "keda.sh/v1alpha1 ScaledObject": (document) => Object.assign(emptyScaledObject(), document),
  "keda.sh/v1alpha1 TriggerAuthentication": (document) =>
    Object.assign(new TriggerAuthentication({ spec: {} }), document),
  "networking.k8s.io/v1 NetworkPolicy": (document) => Object.assign(new NetworkPolicy(), document),
  "policy/v1 PodDisruptionBudget": (document) => Object.assign(new PodDisruptionBudget(), document),
  "v1 ConfigMap": (document) => Object.assign(new ConfigMap(), document),
  "v1 Namespace": (document) => Object.assign(new Namespace(), document),
  "v1 Service": (document) => Object.assign(new Service(), document),
};

function emptyScaledObject(): ScaledObject {
  return new ScaledObject({ spec: { scaleTargetRef: { name: "" }, triggers: [] } });
}

function validate(document: Manifest): void {
  const model = models[`${document.apiVersion} ${document.kind}`];
  assert.ok(model, `${keyOf(document)}: no schema is known for it`);
  model(document).validate();
}

function of(kind: string): readonly Manifest[] {
  return all.filter(({ manifest }) => manifest.kind === kind).map(({ manifest }) => manifest);
}

const withPod = z.looseObject({ spec: z.looseObject({ template: podTemplate }) });
const pods = [...of("Deployment"), ...of("Job")].map((document) => {
  const { metadata, spec } = withPod.parse(document).spec.template;
  const [container] = spec.containers;
  assert.ok(container);
  return { name: document.metadata.name, labels: metadata.labels, spec, container };
});
const settings = z
  .object({ data: z.record(z.string(), z.string()) })
  .parse(of("ConfigMap").find(({ metadata }) => metadata.name === "breakwater"));

for (const place of [base, ...overlays])
  test(`${place}: every document keeps the schema of its API, and every file is named`, () => {
    for (const { manifest } of manifestsOf(place)) validate(manifest);
    assert.deepEqual(unnamedFiles(place), []);
    const names = manifestsOf(place).map(({ manifest }) => keyOf(manifest));
    assert.deepEqual(names, [...new Set(names)]);
  });

test("a document with a wrong type or a missing field does not keep it", () => {
  const [deployment] = of("Deployment");
  assert.ok(deployment);
  assert.throws(() => validate({ ...deployment, spec: { replicas: "two" } }));
  const [scaled] = of("ScaledObject");
  assert.ok(scaled);
  assert.throws(() => validate({ ...scaled, spec: { triggers: [] } }));
});

test("every process of the system has its deployment, and the set-up its job", () => {
  assert.deepEqual(pods.map(({ name }) => name).toSorted(), [...services, "setup"].toSorted());
});

test("what a container is told to run is in the image, whose entry is node", () => {
  const dockerfile = readFileSync("infra/Dockerfile", "utf8");
  assert.match(dockerfile, /^ENTRYPOINT \["node"\]$/m);
  assert.match(dockerfile, /^USER node$/m);
  for (const { name, container } of pods) {
    const [script = ""] = container.args;
    assert.ok(existsSync(script), `${name}: ${script}`);
    assert.ok(
      new RegExp(`^COPY ${script.split("/")[0] ?? ""} `, "m").test(dockerfile),
      `${name}: ${script} is not in the image`,
    );
    if (name !== "setup") assert.equal(script, `services/${name}/main.ts`);
  }
});

/** The OpenTelemetry SDK's own. */
const openTelemetry = /^OTEL_(?:EXPORTER_OTLP_ENDPOINT|TRACES_SAMPLER|TRACES_SAMPLER_ARG|NODE_RESOURCE_DETECTORS)$/;

for (const { name, container, spec } of pods)
  test(`${name}: every setting is one that exists, with a value its rule takes, and every secret comes by reference`, () => {
    const written = container.env.flatMap((entry) => (entry.value === undefined ? [] : [[entry.name, entry.value]]));
    const all: Readonly<Record<string, string>> = { ...settings.data, ...Object.fromEntries(written) };
    const files = Object.entries(all).filter(([variable]) => isSecretFile(variable));
    const plain = Object.entries(all).filter(([variable]) => !isSecretFile(variable) && !openTelemetry.test(variable));
    for (const [variable] of plain) {
      assert.ok(isVariable(variable), `${variable} is no setting`);
      assert.ok(!secretVariables.includes(variable), `${variable} is written out`);
      readConfig([variable], Object.fromEntries(plain));
    }
    const mounted = spec.volumes
      .flatMap(({ projected }) => projected?.sources ?? [])
      .flatMap((source) =>
        [source.secret, source.configMap].flatMap((part) => part?.items.map((item) => item.path) ?? []),
      );
    for (const [variable, file] of [...files, ["KAFKA_TLS_CA_FILE", all["KAFKA_TLS_CA_FILE"] ?? ""] as const])
      assert.ok(
        mounted.some((at) => file === `/run/secrets/breakwater/${at}`),
        `${variable}: ${file} is not mounted`,
      );
    const referred = container.env.filter(({ valueFrom }) => valueFrom !== undefined);
    for (const { name: variable } of referred)
      assert.ok(isVariable(variable) && secretVariables.includes(variable), variable);
    const user = name === "setup" ? "cli" : name;
    assert.ok(principals.some((principal) => principal === user && userOf(principal) === all["KAFKA_SASL_USERNAME"]));
  });

function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}

function isSecretFile(name: string): boolean {
  return secretVariables.some((secret) => name === `${secret}_FILE`);
}

test("every process that sees content has the key that opens it", () => {
  const seeing = services.filter((service) =>
    /seesContent: true/.test(readFileSync(`services/${service}/main.ts`, "utf8")),
  );
  assert.ok(seeing.length > 0);
  const keyed = pods.filter(({ container }) => container.env.some(({ name }) => name === "BREAKWATER_SECRET_KEY_FILE"));
  assert.deepEqual(keyed.map(({ name }) => name).toSorted(), seeing.toSorted());
});

const fileProbe = z.object({ exec: z.object({ command: z.array(z.string()) }) });
const httpProbe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });

test("probes look at what there is: the health file, or routes of the gateway", () => {
  const routes = readFileSync("services/gateway/native/system-routes.ts", "utf8");
  for (const { name, container } of pods.filter((pod) => pod.name !== "setup")) {
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
    if (name === "gateway") {
      const ports = container.ports?.map((port) => port.name) ?? [];
      for (const { httpGet } of probes.map((probe) => httpProbe.parse(probe)))
        assert.ok(routes.includes(`url: "${httpGet.path}"`) && ports.includes(httpGet.port), httpGet.path);
      continue;
    }
    const file = container.env.find((entry) => entry.name === "BREAKWATER_HEALTH_FILE")?.value ?? "";
    assert.ok(
      container.volumeMounts.some(({ mountPath, readOnly }) => readOnly !== true && file.startsWith(`${mountPath}/`)),
    );
    for (const { exec } of probes.map((probe) => fileProbe.parse(probe)))
      assert.ok(exec.command.join(" ").includes(file), `${name}: ${exec.command.join(" ")}`);
  }
});

test("every volume that is mounted is declared, and every declared one is mounted", () => {
  for (const { name, spec, container } of pods)
    assert.deepEqual(
      container.volumeMounts.map((mount) => mount.name).toSorted(),
      spec.volumes.map((volume) => volume.name).toSorted(),
      name,
    );
});

const selecting = z.looseObject({
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
    podSelector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
    scaleTargetRef: z.looseObject({ name: z.string() }).optional(),
  }),
});

function matched(labels: Readonly<Record<string, string>>): readonly string[] {
  return pods
    .filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value))
    .map(({ name }) => name);
}

test("every selector and every target of a scaler finds the pods it is named after", () => {
  for (const document of [...of("Deployment"), ...of("PodDisruptionBudget")])
    assert.deepEqual(matched(selecting.parse(document).spec.selector?.matchLabels ?? {}), [document.metadata.name]);
  for (const document of of("NetworkPolicy"))
    assert.ok(matched(selecting.parse(document).spec.podSelector?.matchLabels ?? {}).length > 0, keyOf(document));
  for (const document of [...of("ScaledObject"), ...of("HorizontalPodAutoscaler")])
    assert.equal(selecting.parse(document).spec.scaleTargetRef?.name, document.metadata.name);
  const service = z.object({ spec: z.object({ selector: z.record(z.string(), z.string()) }) }).parse(of("Service")[0]);
  assert.deepEqual(matched(service.spec.selector), ["gateway"]);
});

test("every deployment has a budget for disruptions, and those that are not scaled say how many they are", () => {
  const budgets = of("PodDisruptionBudget").map(({ metadata }) => metadata.name);
  assert.deepEqual(budgets.toSorted(), [...services].toSorted());
  const scaled = [...of("ScaledObject"), ...of("HorizontalPodAutoscaler")].map(({ metadata }) => metadata.name);
  for (const document of of("Deployment")) {
    const { replicas } = z.looseObject({ replicas: z.int().optional() }).parse(document["spec"]);
    assert.equal(replicas === undefined, scaled.includes(document.metadata.name), document.metadata.name);
  }
});

const scaledObject = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    maxReplicaCount: z.int(),
    triggers: z.array(
      z.object({
        type: z.literal("kafka"),
        metadata: z.strictObject({
          bootstrapServersFromEnv: z.literal("KAFKA_BROKERS"),
          consumerGroup: z.string(),
          topic: z.string(),
          lagThreshold: z.string().regex(/^\d+$/),
        }),
        authenticationRef: z.object({ name: z.literal("kafka-lag") }),
      }),
    ),
  }),
});

for (const stage of stages)
  test(`${stage} is scaled by the lag of its own group on every topic that it consumes, and not beyond the partitions`, () => {
    const found = of("ScaledObject").find(({ metadata }) => metadata.name === stage);
    const { spec } = scaledObject.parse(found);
    const consumed = consumedTopics.filter((topic) => topicSpec(topic).readBy.includes(stage));
    assert.deepEqual(spec.triggers.map(({ metadata }) => metadata.topic).toSorted(), [...consumed].toSorted());
    for (const { metadata } of spec.triggers) assert.equal(metadata.consumerGroup, consumerGroupOf(stage));
    assert.ok(spec.maxReplicaCount <= Number(settings.data["BREAKWATER_PARTITIONS"]));
    assert.ok(of("TriggerAuthentication").some(({ metadata }) => metadata.name === "kafka-lag"));
  });

test("who may reach ClickHouse and the internet is who has business there", () => {
  const reaching = (where: string) => matched({ [`breakwater/reaches-${where}`]: "true" }).toSorted();
  const asks = (name: VariableName) => (pod: (typeof pods)[number]) =>
    pod.container.env.some((entry) => entry.name === name || entry.name === `${name}_FILE`);
  assert.deepEqual(
    reaching("clickhouse"),
    pods
      .filter(asks("CLICKHOUSE_PASSWORD"))
      .map(({ name }) => name)
      .toSorted(),
  );
  const outside = pods.filter((pod) => asks("OPENAI_API_KEY")(pod) || asks("BREAKWATER_ALERT_WEBHOOK_URL")(pod));
  assert.deepEqual(reaching("internet"), outside.map(({ name }) => name).toSorted());
});
