/**
 * A line plot as SVG: axes from zero, a legend, nothing else. For figures that
 * are measured here and shown in docs/.
 */
export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

const width = 760;
const height = 420;
const margin = { left: 70, right: 210, top: 40, bottom: 50 };
/** Told apart by people who see few colours too (Okabe and Ito's palette). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

export function drawLines({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const most = { x: Math.max(...points.map((point) => point.x)), y: roundUp(Math.max(...points.map((p) => p.y))) };
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const across = (value: number): string => (margin.left + (value / most.x) * inner.width).toFixed(1);
  const up = (value: number): string => (height - margin.bottom - (value / most.y) * inner.height).toFixed(1);
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  const parts = [
    ...quarters.map((share) => grid(across(0), across(most.x), up(share * most.y))),
    ...quarters.map((share) => label(Number(across(0)) - 8, Number(up(share * most.y)) + 4, share * most.y, "end")),
    ...quarters.map((share) => label(Number(across(share * most.x)), height - margin.bottom + 18, share * most.x)),
    label(margin.left + inner.width / 2, height - 10, x),
    `<text transform="translate(18 ${margin.top + inner.height / 2}) rotate(-90)" text-anchor="middle">${y}</text>`,
    `<text x="${margin.left}" y="22" font-weight="bold">${title}</text>`,
    ...lines.flatMap(({ name, points: of }, at) => {
      const colour = colours[at % colours.length] ?? "#000000";
      const path = of.map((point) => `${across(point.x)},${up(point.y)}`).join(" ");
      const legendY = margin.top + 14 + at * 22;
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<rect x="${width - margin.right + 20}" y="${legendY - 9}" width="14" height="4" fill="${colour}"/>`,
        label(width - margin.right + 42, legendY, name, "start"),
      ];
    }),
  ];
  const font = 'font-family="sans-serif" font-size="12" fill="#222222"';
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font}>`;
  return `${frame}\n<rect width="100%" height="100%" fill="#ffffff"/>\n${parts.join("\n")}\n</svg>\n`;
}

function label(x: number, y: number, text: string | number, anchor = "middle"): string {
  const shown = typeof text === "number" ? String(Math.round(text)) : text;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${shown}</text>`;
}

function grid(from: string, to: string, y: string): string {
  return `<line x1="${from}" y1="${y}" x2="${to}" y2="${y}" stroke="#dddddd"/>`;
}

/** 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
