/**
 * A chart of bars for the terminal: a label, a bar of blocks in eighths, the
 * figure. As wide as it is told; what is unknown has no bar and says so. No
 * colour: it reads the same in a pipe and on paper.
 */
import { printable, shortened, widthOf } from "../../table.ts";

export interface Bar {
  readonly label: string;
  /** Below zero is drawn by its size; its figure says the sign. Null: unknown. */
  readonly value: number | null;
  /** The figure as it is written. */
  readonly text: string;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const leastBar = 8;
const mostBar = 60;
const mostLabel = 40;

export function renderBars(bars: readonly Bar[], width: number): string {
  const labels = bars.map(({ label }) => shortened(printable(label), mostLabel));
  const labelWidth = Math.max(0, ...labels.map(widthOf));
  const textWidth = Math.max(0, ...bars.map(({ text }) => widthOf(text)));
  const room = Math.min(mostBar, Math.max(leastBar, width - labelWidth - textWidth - 4));
  const longest = Math.max(0, ...bars.map(({ value }) => Math.abs(value ?? 0)));
  return bars
    .map(({ value, text }, index) => {
      const label = padded(labels[index] ?? "", labelWidth);
      const figure = " ".repeat(textWidth - widthOf(text)) + text;
      const drawn = longest === 0 || value === null ? "" : blocks((Math.abs(value) / longest) * room);
      return `${label}  ${figure}  ${drawn}`.trimEnd();
    })
    .join("\n");
}

/** What is above zero is never drawn as nothing. */
function blocks(length: number): string {
  const parts = length > 0 ? Math.max(1, Math.round(length * 8)) : 0;
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}
