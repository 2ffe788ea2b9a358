/**
 * The texts that must do nothing in a page: two public lists (see NOTICE) and our
 * own, which add what those lack: Markdown that loads or leads elsewhere, terminal
 * sequences, overrides of direction, code whose borders renderers disagree on.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

const data = (name: string): string => readFileSync(new URL(`data/${name}`, import.meta.url), "utf8");
const list = (name: string): readonly string[] => z.array(z.string()).parse(JSON.parse(data(name)));

export interface Payloads {
  readonly name: string;
  readonly texts: readonly string[];
}

export const payloads: readonly Payloads[] = [
  { name: "payloadbox", texts: data("payloadbox.txt").replace(/\n$/, "").split("\n") },
  { name: "naughty strings", texts: list("naughty-strings.json") },
  { name: "our own", texts: list("own.json") },
];

export const allPayloads = payloads.flatMap(({ texts }) => texts);
