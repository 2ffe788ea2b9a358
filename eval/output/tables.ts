/**
 * The output guards' figures as tables: one a guard, a row for each set, a
 * column for each thing measured of it, in the order of measurement.
 */
import type { Figure } from "../input/figure.ts";
import { groupedTable, type Table } from "../input/tables.ts";
import { outputGuards } from "./guards.ts";

/** By the name that docs/ knows them by. */
export function outputTables(figures: readonly Figure[]): Readonly<Record<string, Table>> {
  const tables = outputGuards.map(({ name, title }) => [`output-${name}`, guardTable(figures, name, title)] as const);
  return Object.fromEntries(tables);
}

export function guardTable(figures: readonly Figure[], name: string, title: string): Table {
  const prefix = `output/${name}`;
  const names = figures
    .filter((figure) => figure.name.startsWith(`${prefix}/`))
    .map((figure) => figure.name.split("/"));
  const depth = Math.max(1, ...names.map((parts) => parts.length - 3));
  const columns = [...new Set(names.map((parts) => parts.at(-1) ?? ""))];
  return groupedTable(figures, { prefix, title, head: ["set", "part", "of it"].slice(0, depth), columns });
}
