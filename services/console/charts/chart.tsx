/**
 * A line or bar chart over time or names. Its place is reserved before it is
 * drawn, it is drawn anew when the theme changes, and who cannot see it gets
 * the same figures as a table.
 */
import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../data/store.ts";
import { shownTheme } from "../frame/theme.ts";

export interface ChartData {
  readonly kind: "line" | "bar";
  readonly labels: readonly string[];
  /** Null where there is nothing to draw. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly isStacked?: boolean;
  /** A value as text, on the axis and in the tip. */
  readonly format: (value: number) => string;
}

export function ChartView({ title, data }: { readonly title: string; readonly data: ChartData }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useStore(shownTheme);
  useEffect(() => {
    let takeAway: (() => void) | undefined;
    let isOver = false;
    const draw = async (): Promise<void> => {
      const { drawChart } = await import("./draw-chart.ts");
      if (!isOver && canvas.current !== null) takeAway = drawChart(canvas.current, data);
    };
    void draw();
    return () => {
      isOver = true;
      takeAway?.();
    };
  }, [data, theme]);
  return (
    <figure class="chart">
      <div class="chart-place">
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      {/* A table is as wide as its cells whatever it is told: what hides it stands around it. */}
      <div class="unseen">
        <ChartTable title={title} data={data} />
      </div>
    </figure>
  );
}

function ChartTable({ title, data: { labels, series, format } }: { readonly title: string; readonly data: ChartData }) {
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Of</th>
          {series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label, index) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {series.map(({ name, values }) => {
              const value = values[index] ?? null;
              return <td key={name}>{value === null ? "" : format(value)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
