/**
 * Reads a provider's usage report from the text of a file: JSON (a page, a list
 * of pages, or a page a line) or CSV. The layout says whose it is.
 */
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { anthropicColumns, anthropicFromCsv, anthropicFromPages, anthropicPage } from "./anthropic-layout.ts";
import { openaiColumns, openaiFromCsv, openaiFromPages, openaiPage } from "./openai-layout.ts";
import { ExportError, exportOf, type UsageExport } from "./usage-export.ts";

/** @throws ExportError: not a report, of an unknown layout, or not whole. */
export function readExport(text: string): UsageExport {
  try {
    const trimmed = text.replace(/^\uFEFF/, "").trim();
    return /^[[{]/.test(trimmed) ? fromJson(trimmed) : fromCsv(trimmed);
  } catch (error) {
    if (error instanceof z.ZodError) throw new ExportError(firstIssue(error));
    if (error instanceof CsvError) throw new ExportError(`not CSV: ${error.code}`);
    throw error;
  }
}

function fromJson(text: string): UsageExport {
  const pages = z.array(z.unknown()).min(1, "the report has no page").parse(pagesIn(text));
  const isOpenai = pages.every((page) => z.object({ object: z.literal("page") }).safeParse(page).success);
  if (isOpenai) return exportOf("openai", openaiFromPages(z.array(openaiPage).parse(pages)));
  return exportOf("anthropic", anthropicFromPages(z.array(anthropicPage).parse(pages)));
}

function pagesIn(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const page = parsed(line);
    if (page === undefined) throw new ExportError(`neither JSON nor JSON lines: line ${index + 1}`);
    return page;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const csvRecords = z.array(z.record(z.string(), z.string()));

function fromCsv(text: string): UsageExport {
  const records = csvRecords.parse(parse(text, { columns: true, skip_empty_lines: true, trim: true }));
  const has = (columns: readonly string[]): boolean => columns.every((column) => column in (records[0] ?? {}));
  if (has(openaiColumns)) return exportOf("openai", openaiFromCsv(records));
  if (has(anthropicColumns)) return exportOf("anthropic", anthropicFromCsv(records));
  const wanted = `${openaiColumns.join(", ")} (OpenAI) or ${anthropicColumns.join(", ")} (Anthropic)`;
  throw new ExportError(`not a usage report: it lacks the columns ${wanted}`);
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const path = (issue?.path ?? []).map(String).join("/");
  return `not a usage report: ${path === "" ? "" : `${path}: `}${issue?.message ?? "of an unknown layout"}`;
}
