/** Counts as text: grouped in full, or short for tiles. */

const full = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const share = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** `12,345` */
export function grouped(count: number): string {
  return full.format(count);
}

/** `12.3K`, and below a thousand the number itself. */
export function compact(count: number): string {
  return short.format(count);
}

/** `12.5%` of 0.125. */
export function percent(part: number): string {
  return share.format(part);
}

/** `1 run`, `2 runs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
