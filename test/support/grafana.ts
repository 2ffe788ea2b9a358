/** The dashboards as Grafana reads them, in the parts that tests look at: shape, PromQL and SQL of every panel. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const datasource = z.object({ type: z.string(), uid: z.string() });

const target = z.object({
  refId: z.string(),
  datasource,
  expr: z.string().optional(),
  rawSql: z.string().optional(),
});

const panel = z.object({
  id: z.int().positive(),
  type: z.enum(["timeseries", "stat", "table", "barchart", "row"]),
  title: z.string().min(1),
  description: z.string().optional(),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) }),
  datasource: datasource.optional(),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }).optional(),
  targets: z.array(target).optional(),
});

const dashboard = z.object({
  uid: z.string().min(1).max(40),
  title: z.string().min(1),
  description: z.string().min(1),
  schemaVersion: z.int().min(36),
  timezone: z.literal("utc"),
  time: z.object({ from: z.string(), to: z.literal("now") }),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.literal("query"), datasource, query: z.string() })),
  }),
  panels: z.array(panel).min(1),
});

export type Panel = z.infer<typeof panel>;
export type Dashboard = z.infer<typeof dashboard>;

export function readDashboards(): readonly Dashboard[] {
  return globSync("infra/grafana/dashboards/*.json")
    .toSorted()
    .map((file) => {
      const parsed = dashboard.safeParse(JSON.parse(readFileSync(file, "utf8")));
      if (!parsed.success) throw new Error(`${path.basename(file)}: ${z.prettifyError(parsed.error)}`);
      return parsed.data;
    });
}

export interface PanelQuery {
  /** Dashboard, panel and query, for messages. */
  readonly where: string;
  readonly text: string;
}

export function panelQueries(dashboards: readonly Dashboard[], kind: "expr" | "rawSql"): readonly PanelQuery[] {
  return dashboards.flatMap(({ title, panels }) =>
    panels.flatMap((shown) =>
      (shown.targets ?? []).flatMap((asked) => {
        const text = asked[kind];
        return text === undefined ? [] : [{ where: `${title} / ${shown.title} / ${asked.refId}`, text }];
      }),
    ),
  );
}
