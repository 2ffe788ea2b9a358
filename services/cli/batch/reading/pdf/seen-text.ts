/**
 * Walks the painting operations of a page and counts what is painted so that
 * nobody sees it (invisible, white, fully transparent or smaller than a point),
 * characters without a meaning, text in fonts that could not be loaded, and
 * pictures. An image is left out by the reader before it is decoded; what
 * remains of it is a placement with nothing placed.
 */
import { OPS } from "unpdf/pdfjs";

export interface SeenText {
  /** All that is painted, white space apart. */
  readonly chars: number;
  readonly hiddenChars: number;
  readonly unmappedChars: number;
  readonly unreadableTexts: number;
  readonly images: number;
  /** Lines and fillings. */
  readonly drawings: number;
}

interface Pen {
  /** Linear scale of the current transformation. */
  readonly scale: number;
  readonly fontSize: number;
  readonly mode: number;
  readonly fill: string;
  readonly alpha: number;
}

const firstPen: Pen = { scale: 1, fontSize: 1, mode: 0, fill: "#000000", alpha: 1 };
const invisibleMode = 3;
const clipMode = 7;
const privateUse = /^[\uE000-\uF8FF\uFFFD\p{Cc}]/u;

export interface Operations {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

export function seenText({ fnArray, argsArray }: Operations): SeenText {
  const walk = new Walk();
  for (const [index, operation] of fnArray.entries()) walk.step(operation, args(argsArray[index]));
  return walk.seen;
}

class Walk {
  readonly #stack: Pen[] = [];
  #pen = firstPen;
  #textScale = 1;
  #placed = false;
  readonly seen = { chars: 0, hiddenChars: 0, unmappedChars: 0, unreadableTexts: 0, images: 0, drawings: 0 };

  step(operation: number, given: readonly unknown[]): void {
    const placed = this.#placed;
    this.#placed = operation === OPS.transform;
    if (operation === OPS.restore && placed) this.seen.images += 1;
    if (operation === OPS.constructPath || operation === OPS.shadingFill) this.seen.drawings += 1;
    if (operation === OPS.showText) this.#show(args(given[0]));
    else this.#move(operation, given);
  }

  #move(operation: number, given: readonly unknown[]): void {
    const first = given[0];
    const number = typeof first === "number" ? first : 0;
    if (operation === OPS.save || operation === OPS.paintFormXObjectBegin) this.#stack.push(this.#pen);
    if (operation === OPS.paintFormXObjectBegin) this.#scaleBy(args(first));
    if (operation === OPS.restore || operation === OPS.paintFormXObjectEnd) this.#pen = this.#stack.pop() ?? firstPen;
    if (operation === OPS.transform) this.#scaleBy(given);
    if (operation === OPS.beginText) this.#textScale = 1;
    if (operation === OPS.setTextMatrix) this.#textScale = scaleOf(given.length === 1 ? args(first) : given);
    if (operation === OPS.setFont) this.#set({ fontSize: Math.abs(typeof given[1] === "number" ? given[1] : 1) });
    if (operation === OPS.setTextRenderingMode) this.#set({ mode: number });
    if (operation === OPS.setFillRGBColor && typeof first === "string") this.#set({ fill: first.toLowerCase() });
    if (operation === OPS.setGState) this.#set({ alpha: alphaIn(args(first)) ?? this.#pen.alpha });
  }

  #show(glyphs: readonly unknown[]): void {
    const unicodes = glyphs.flatMap((glyph) => unicodeOf(glyph) ?? []);
    if (unicodes.length === 0 && glyphs.every((glyph) => typeof glyph !== "number")) this.seen.unreadableTexts += 1;
    this.seen.unmappedChars += unicodes.filter((unicode) => unicode === "" || privateUse.test(unicode)).length;
    const chars = unicodes.join("").replaceAll(/\s/g, "").length;
    this.seen.chars += chars;
    const { mode, fill, alpha, fontSize, scale } = this.#pen;
    const unseen = mode === invisibleMode || mode === clipMode || (fill === "#ffffff" && mode === 0) || alpha === 0;
    if (unseen || fontSize * scale * this.#textScale < 1) this.seen.hiddenChars += chars;
  }

  #scaleBy(matrix: readonly unknown[]): void {
    if (matrix.length === 6) this.#set({ scale: this.#pen.scale * scaleOf(matrix) });
  }

  #set(change: Partial<Pen>): void {
    this.#pen = { ...this.#pen, ...change };
  }
}

/** Arrays, typed arrays and what is like them. */
function args(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof Float32Array ? [...value] : [];
}

/** Of a matrix [a, b, c, d, e, f]: how much longer a line becomes on average. */
function scaleOf(matrix: readonly unknown[]): number {
  const [a, b, c, d] = matrix.map(Number);
  return Math.sqrt(Math.abs((a ?? 1) * (d ?? 1) - (b ?? 0) * (c ?? 0)));
}

/** Of a graphics state's list of [name, value]. */
function alphaIn(settings: readonly unknown[]): number | undefined {
  for (const setting of settings) {
    const [name, value] = args(setting);
    if (name === "ca" && typeof value === "number") return value;
  }
  return undefined;
}

function unicodeOf(glyph: unknown): string | undefined {
  if (typeof glyph !== "object" || glyph === null || !("unicode" in glyph)) return undefined;
  return typeof glyph.unicode === "string" ? glyph.unicode : "";
}
