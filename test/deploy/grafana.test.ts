/**
 * The dashboards and alert rules, against what the code exports: shape, ids,
 * data sources, units, and every metric and label by name. (Their SQL runs on
 * the real engine in test/broker.)
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { panelQueries, readDashboards } from "../support/grafana.ts";
import { exportedMetrics, type Exported } from "./exported-metrics.ts";
import { readPromql, withGrafanaTimes } from "./promql.ts";

const dashboards = readDashboards();
const exported = await exportedMetrics();

const provisioned = z
  .object({
    datasources: z.array(z.object({ name: z.string(), uid: z.string(), type: z.string(), url: z.string().optional() })),
  })
  .parse(parse(readFileSync("infra/grafana/provisioning/datasources/breakwater.yaml", "utf8")));

const ruleFile = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.object({ severity: z.enum(["warning", "critical"]) }),
          annotations: z.object({ summary: z.string().min(10), runbook_url: z.string() }),
        }),
      ),
    }),
  ),
});
const { groups } = ruleFile.parse(parse(readFileSync("infra/prometheus/rules/breakwater.yaml", "utf8")));
const rules = groups.flatMap((group) => group.rules);

/** What an expression names and nobody exports. */
function unknownIn(text: string, known: Exported): readonly string[] {
  const { error, selectors, groupings } = readPromql(withGrafanaTimes(text));
  if (error !== null) return [`does not parse near: ${error}`];
  const metrics = selectors.filter(({ metric }) => !known.has(metric)).map(({ metric }) => metric);
  const labels = selectors.flatMap(({ metric, labels: matched }) =>
    matched.filter((label) => known.get(metric)?.has(label) === false).map((label) => `${metric}{${label}}`),
  );
  const anywhere = new Set(selectors.flatMap(({ metric }) => [...(known.get(metric) ?? [])]));
  return [...metrics, ...labels, ...groupings.filter((label) => !anywhere.has(label)).map((label) => `by ${label}`)];
}

test("the reader of PromQL finds what is not exported, and what does not parse", () => {
  assert.deepEqual(unknownIn("sum(rate(breakwater_runs_total[5m]))", exported), []);
  assert.deepEqual(unknownIn("sum by (client) (breakwater_run_total)", exported), [
    "breakwater_run_total",
    "by client",
  ]);
  assert.deepEqual(unknownIn('breakwater_runs_total{status="ok"}', exported), ["breakwater_runs_total{status}"]);
  assert.match(unknownIn("sum(rate(breakwater_runs_total[5m])", exported).join(), /does not parse/);
});

test("there are the five dashboards, each with a name of its own", () => {
  assert.deepEqual(
    dashboards.map(({ uid }) => uid),
    ["breakwater-costs", "breakwater-gateway", "breakwater-guards", "breakwater-overview", "breakwater-pipeline"],
  );
});

for (const { title, panels, templating } of dashboards) {
  test(`${title}: panels have ids of their own, do not overlap, and read from data sources that are provisioned`, () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const used = [...panels, ...panels.flatMap(({ targets = [] }) => targets), ...templating.list].flatMap(
      ({ datasource }) => datasource ?? [],
    );
    for (const { type, uid } of used)
      assert.ok(
        provisioned.datasources.some((source) => source.uid === uid && source.type === type),
        uid,
      );
    const taken = new Set<string>();
    for (const {
      gridPos: { x, y, w, h },
    } of panels) {
      assert.ok(x + w <= 24);
      for (let cell = 0; cell < w * h; cell += 1) {
        const place = `${x + (cell % w)}/${y + Math.floor(cell / w)}`;
        assert.ok(!taken.has(place), place);
        taken.add(place);
      }
    }
  });

  test(`${title}: every panel says what it shows, in a unit, and asks something`, () => {
    for (const { type, title: name, description, fieldConfig, targets = [], datasource } of panels) {
      if (type === "row") continue;
      assert.ok((description ?? "").length > 5, name);
      assert.ok(fieldConfig !== undefined && fieldConfig.defaults.unit !== "", name);
      assert.ok(targets.length > 0 && new Set(targets.map(({ refId }) => refId)).size === targets.length, name);
      for (const target of targets) {
        assert.equal(target.datasource.uid, datasource?.uid, name);
        assert.equal(datasource?.uid === "clickhouse" ? target.expr : target.rawSql, undefined, name);
      }
    }
  });
}

test("every PromQL expression of a panel parses, and names what the code exports", () => {
  const queries = panelQueries(dashboards, "expr");
  assert.ok(queries.length > 40);
  assert.deepEqual(
    queries.flatMap(({ where, text }) => unknownIn(text, exported).map((unknown) => `${where}: ${unknown}`)),
    [],
  );
});

test("every figure that the code exports is on a dashboard or in a rule", () => {
  const texts = [...panelQueries(dashboards, "expr").map(({ text }) => text), ...rules.map(({ expr }) => expr)];
  const shown = new Set(
    texts.flatMap((text) => readPromql(withGrafanaTimes(text)).selectors).map(({ metric }) => metric),
  );
  const family = (name: string): string => name.replace(/_(?:bucket|sum|count)$/, "");
  const families = new Set([...shown].map(family));
  const unseen = [...exported.keys()].map(family).filter((name) => !families.has(name) && !machinery.test(name));
  assert.deepEqual([...new Set(unseen)], []);
});

/** Of Prometheus and OpenTelemetry themselves. */
const machinery = /^(?:target_info|otel_scope_info)$/;

test("every alert's expression parses and names what the code exports", () => {
  assert.ok(rules.length > 10);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  assert.deepEqual(
    rules.flatMap(({ alert, expr }) => unknownIn(expr, exported).map((unknown) => `${alert}: ${unknown}`)),
    [],
  );
});

test("every alert leads to its own part of the operations page, and every part there to an alert", () => {
  const page = readFileSync("docs/operations.md", "utf8");
  const parts = [...page.matchAll(/^### (\w+)$/gm)].map(([, name = ""]) => name);
  assert.deepEqual(
    parts,
    rules.map(({ alert }) => alert).toSorted((left, right) => parts.indexOf(left) - parts.indexOf(right)),
  );
  for (const { alert, annotations } of rules)
    assert.equal(annotations.runbook_url, `docs/operations.md#${alert.toLowerCase()}`);
});

test("an alert's summary names only labels that its expression keeps", () => {
  for (const { alert, expr, annotations } of rules) {
    const { groupings, selectors } = readPromql(expr);
    const kept = new Set([...groupings, ...selectors.flatMap(({ labels }) => labels)]);
    for (const [, label = ""] of annotations.summary.matchAll(/\$labels\.(\w+)/g))
      assert.ok(kept.has(label), `${alert}: ${label}`);
  }
});

test("Prometheus finds its rules, the collector and the gateway where compose puts them", () => {
  const compose = readFileSync("docker-compose.yml", "utf8");
  const prometheus = readFileSync("infra/prometheus/prometheus.yaml", "utf8");
  assert.match(compose, /\.\/infra\/prometheus:\/etc\/prometheus:ro/);
  assert.match(compose, /--config\.file=\/etc\/prometheus\/prometheus\.yaml/);
  assert.match(prometheus, /\/etc\/prometheus\/rules\/\*\.yaml/);
  assert.match(readFileSync("infra/otel/collector.yaml", "utf8"), /prometheus:\n\s+endpoint: 0\.0\.0\.0:8889/);
  assert.match(prometheus, /otel-collector:8889/);
  assert.match(prometheus, /gateway:8080/);
});

test("Grafana finds dashboards and data sources where compose puts them", () => {
  const provider = readFileSync("infra/grafana/provisioning/dashboards/breakwater.yaml", "utf8");
  const target = /path: (\S+)/.exec(provider)?.[1] ?? "";
  const compose = readFileSync("docker-compose.yml", "utf8");
  assert.ok(compose.includes(`./infra/grafana/dashboards:${target}:ro`));
  assert.ok(compose.includes("./infra/grafana/provisioning:/etc/grafana/provisioning:ro"));
  for (const { url = "" } of provisioned.datasources)
    if (url !== "") assert.match(compose, new RegExp(`^  ${new URL(url).hostname}:$`, "m"));
  assert.ok(existsSync(path.join("infra", "grafana", "dashboards")));
});
