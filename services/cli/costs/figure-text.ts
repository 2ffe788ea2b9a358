/** How a figure of an answer is written for people. */
import type { Cell } from "../../ledger/answers/csv.ts";
import type { Figure } from "../../ledger/answers/figures.ts";
import { grouped } from "../table.ts";

/** `isTotal`: there, what does not add up is left blank, and unknown money still says so. */
export function figureText({ kind }: Figure, value: Cell | undefined, isTotal = false): string {
  if (value === undefined && isTotal) return "";
  if (value === null || value === undefined) return kind === "usd" ? "unknown" : "-";
  switch (kind) {
    case "text":
    case "usd":
      return String(value);
    case "count":
    case "ms":
      return grouped(value);
    case "share":
      return `${Math.floor(Number(value) * 1000) / 10} %`;
  }
}

/** With its unit, where the kind has one that the figure does not show. */
export function headOf({ head, kind }: Figure): string {
  return kind === "ms" ? `${head} ms` : head;
}
