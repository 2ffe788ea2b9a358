/**
 * A trace as a picture: a line a span, children below their parent and indented,
 * bars where they lie in time. For docs/tracing.md; drawn of spans that a
 * collector received, and legible on a light and on a dark page.
 */
export interface DrawnSpan {
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  /** service.name */
  readonly service: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2 is an error. */
  readonly status: { readonly code: number };
}

interface Line {
  readonly span: DrawnSpan;
  readonly depth: number;
}

const width = 1120;
const lineHeight = 18;
const top = 58;
const labelWidth = 470;
const rightMargin = 70;
/** Told apart by people who see few colours too (Okabe and Ito's palette), on white and on black. */
const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
/** Legible on both. */
const ink = "#6e7781";

export function drawWaterfall(spans: readonly DrawnSpan[]): string {
  const lines = inOrder(spans);
  const begin = smallest(spans.map((span) => span.startTimeUnixNano));
  const totalMs = msBetween(begin, -smallest(spans.map((span) => -span.endTimeUnixNano)));
  const services = [...new Set(lines.map(({ span }) => span.service))];
  const colourOf = (service: string): string => colours[services.indexOf(service) % colours.length] ?? ink;
  const across = (ms: number): number => labelWidth + (ms / totalMs) * (width - labelWidth - rightMargin);
  const height = top + lines.length * lineHeight + 16;
  const parts = [
    ...services.map((service, at) => legend(service, at, colourOf(service))),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => gridLine(across(share * totalMs), share * totalMs, height)),
    ...lines.map(({ span, depth }, at) => {
      const fromMs = msBetween(begin, span.startTimeUnixNano);
      const tookMs = msBetween(span.startTimeUnixNano, span.endTimeUnixNano);
      const bar = { x: across(fromMs), width: across(fromMs + tookMs) - across(fromMs) };
      return drawLine({ span, depth, y: top + at * lineHeight, bar, tookMs, colour: colourOf(span.service) });
    }),
  ];
  const font = `font-family="sans-serif" font-size="11" fill="${ink}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font}>\n${parts.join("\n")}\n</svg>\n`;
}

/** Depth first, each parent's children by their beginning. */
function inOrder(spans: readonly DrawnSpan[]): readonly Line[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId: id }) => (id !== undefined && ids.has(id) ? id : null));
  const linesBelow = (parent: string | null, depth: number): readonly Line[] =>
    (below.get(parent) ?? [])
      .toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano))
      .flatMap((span) => [{ span, depth }, ...linesBelow(span.spanId, depth + 1)]);
  return linesBelow(null, 0);
}

interface DrawnLine extends Line {
  readonly y: number;
  readonly bar: { readonly x: number; readonly width: number };
  readonly tookMs: number;
  readonly colour: string;
}

function drawLine({ span, depth, y, bar, tookMs, colour }: DrawnLine): string {
  const failed = span.status.code === 2;
  const stroke = failed ? ` stroke="#d1242f" stroke-width="1.5"` : "";
  const middle = y + lineHeight / 2 + 4;
  const shown = `${span.name}${roleOf(span)}${failed ? ", failed" : ""}`;
  const end = Math.max(bar.x + Math.max(bar.width, 2), bar.x) + 5;
  const isMoment = span.name.startsWith("guard ");
  const took = isMoment ? "" : text(end, middle, `${tookMs < 10 ? tookMs.toFixed(1) : Math.round(tookMs)} ms`);
  return [
    text(10 + depth * 14, middle, shown),
    `<rect x="${bar.x.toFixed(1)}" y="${y + 4}" width="${Math.max(bar.width, 2).toFixed(1)}" height="${lineHeight - 8}" fill="${colour}"${stroke}/>`,
    took,
  ].join("");
}

function roleOf({ attributes }: DrawnSpan): string {
  const said = attributes["breakwater.call.role"] ?? attributes["breakwater.verdict"];
  return typeof said === "string" ? ` (${said})` : "";
}

function legend(service: string, at: number, colour: string): string {
  const x = 10 + at * 180;
  return `<rect x="${x}" y="10" width="12" height="12" fill="${colour}"/>${text(x + 18, 20, service)}`;
}

function gridLine(x: number, ms: number, height: number): string {
  const at = x.toFixed(1);
  const line = `<line x1="${at}" y1="${top - 6}" x2="${at}" y2="${height - 8}" stroke="${ink}" stroke-opacity="0.3"/>`;
  return line + text(Number(at), top - 12, `${Math.round(ms)} ms`, "middle");
}

function text(x: number, y: number, words: string, anchor = "start"): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function smallest(values: readonly bigint[]): bigint {
  return values.reduce((least, one) => (one < least ? one : least));
}

function msBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}
