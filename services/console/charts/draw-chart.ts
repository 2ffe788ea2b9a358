/**
 * Draws a chart with Chart.js, of which only the parts that are used come
 * along, in a file that the browser fetches with the first chart. Colours are
 * the page's own, as they stand at the moment of drawing.
 */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import type { ChartData } from "./chart.tsx";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** Returns what takes the chart away again. */
export function drawChart(
  canvas: HTMLCanvasElement,
  { kind, labels, series, isStacked, format }: ChartData,
): () => void {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const text = style.color;
  const line = style.borderTopColor;
  const scale = { stacked: isStacked ?? false, grid: { color: line }, border: { color: line }, ticks: { color: text } };
  const chart = new Chart(canvas, {
    type: kind,
    data: {
      labels: [...labels],
      datasets: series.map(({ name, values }, index) => {
        const own = colour(`--series-${(index % 8) + 1}`);
        const drawn = { backgroundColor: own, borderColor: own, borderWidth: kind === "line" ? 2 : 0 };
        return { label: name, data: [...values], ...drawn, pointRadius: 0, pointHitRadius: 12 };
      }),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ...scale, grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 } },
        y: { ...scale, beginAtZero: true, ticks: { color: text, callback: (value) => format(Number(value)) } },
      },
      plugins: {
        legend: { display: series.length > 1, position: "bottom", labels: { color: text, boxWidth: 12 } },
        tooltip: {
          callbacks: { label: ({ dataset, parsed }) => `${dataset.label ?? ""}: ${format(parsed.y ?? 0)}` },
        },
      },
    },
  });
  return () => chart.destroy();
}
