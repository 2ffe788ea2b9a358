/**
 * Finds the documents of a batch: folders (searched through), files and globs.
 * What cannot be used is listed with its reason and never stops the batch.
 * Documents are sorted by name, so that every start sees them in one order.
 */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { glob, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { maxRequestBytes } from "../../../../schemas/records/run-request.ts";
import type { DocumentExtractor } from "../reading/document-extractor.ts";
import { describeNote, type DocumentNote } from "../reading/document-note.ts";
import type { DocumentFormat, Extraction, UnreadableCode } from "../reading/extraction.ts";

/** Kinds of file by extension: read as they are, or by the reader of their format. */
const formats: ReadonlyMap<string, DocumentFormat | "text"> = new Map([
  [".txt", "text"],
  [".md", "text"],
  [".pdf", "pdf"],
  [".docx", "docx"],
  [".html", "html"],
  [".htm", "html"],
]);
export const documentExtensions: readonly string[] = [...formats.keys()];

/** Of a file that is not plain text; its text has the limit of a request. */
export const maxFileBytes = 64 * 1024 * 1024;

export type DocumentProblemCode = "not_found" | "unsupported" | "unreadable" | "empty" | "changed" | UnreadableCode;

export interface DocumentProblem {
  readonly name: string;
  readonly code: DocumentProblemCode;
  readonly message: string;
}

export interface DocumentText {
  readonly name: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly text: string;
  /** What was not read, or is not seen; empty for plain text. */
  readonly notes: readonly DocumentNote[];
}

/** Where names are relative to, and who reads what is not plain text. */
export interface DocumentPlace {
  readonly folder: string;
  readonly extractor: Pick<DocumentExtractor, "read">;
}

export interface FoundFiles {
  /** As given on the command line or found below it, with forward slashes, sorted, each once. */
  readonly names: readonly string[];
  readonly problems: readonly DocumentProblem[];
  /** Files in searched folders that are of no kind that is read. */
  readonly passedOver: number;
}

export async function findDocuments(places: readonly string[], folder: string): Promise<FoundFiles> {
  const names = new Set<string>();
  const problems: DocumentProblem[] = [];
  let passedOver = 0;
  for (const place of places) {
    const found = await findIn(place, folder);
    if (found.length === 0)
      problems.push({ name: place, code: "not_found", message: "no such file or folder, and no file matches it" });
    for (const { name, named } of found) {
      if (documentExtensions.includes(path.extname(name).toLowerCase())) names.add(name);
      else if (named)
        problems.push({
          name,
          code: "unsupported",
          message: `only ${documentExtensions.join(" and ")} files are read`,
        });
      else passedOver += 1;
    }
  }
  return { names: [...names].toSorted(), problems, passedOver };
}

interface FoundFile {
  readonly name: string;
  /** Named itself, not found in a searched folder. */
  readonly named: boolean;
}

async function findIn(place: string, folder: string): Promise<readonly FoundFile[]> {
  const found = await stat(path.resolve(folder, place)).catch(() => null);
  const nameOf = (absolute: string): string =>
    slashes(path.isAbsolute(place) ? absolute : path.relative(folder, absolute));
  if (found?.isFile() === true) return [{ name: nameOf(path.resolve(folder, place)), named: true }];
  const named = found === null;
  const entries = named
    ? glob(place, { cwd: folder, withFileTypes: true })
    : await readdir(path.resolve(folder, place), { recursive: true, withFileTypes: true });
  const files: FoundFile[] = [];
  for await (const entry of entries) {
    const absolute = path.resolve(folder, entry.parentPath, entry.name);
    if (!named && isHidden(path.relative(path.resolve(folder, place), absolute))) continue;
    if (!(await isFile(entry, absolute))) continue;
    files.push({ name: nameOf(absolute), named });
  }
  return files;
}

/** A link to a file counts as a file. */
async function isFile(entry: Dirent, absolute: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(absolute).catch(() => null);
  return target?.isFile() === true;
}

/** `.git` and the like, below a folder that is searched. */
function isHidden(relative: string): boolean {
  return relative.split(path.sep).some((part) => part.startsWith("."));
}

function slashes(name: string): string {
  return name.split(path.sep).join("/");
}

export type ReadDocument =
  | { readonly kind: "document"; readonly document: DocumentText }
  | { readonly kind: "problem"; readonly problem: DocumentProblem };

export async function readDocument(name: string, { folder, extractor }: DocumentPlace): Promise<ReadDocument> {
  const problem = (code: DocumentProblemCode, message: string): ReadDocument => ({
    kind: "problem",
    problem: { name, code, message },
  });
  const file = path.resolve(folder, name);
  const format = formats.get(path.extname(name).toLowerCase()) ?? "text";
  const maxBytes = format === "text" ? maxRequestBytes : maxFileBytes;
  let bytes: Buffer<ArrayBuffer>;
  try {
    const { size } = await stat(file);
    if (size > maxBytes) return problem("too_large", tooLargeMessage(size, maxBytes));
    bytes = await readFile(file);
  } catch (error) {
    return problem("unreadable", error instanceof Error && "code" in error ? String(error.code) : "it cannot be read");
  }
  const read = format === "text" ? readPlain(bytes) : await extractor.read(format, bytes);
  if (read.kind === "unreadable") return problem(read.code, [read.message, ...read.notes.map(describeNote)].join("; "));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { kind: "document", document: { name, sha256, text: read.text, notes: read.notes } };
}

type PlainText =
  | Extract<Extraction, { kind: "text" }>
  | { readonly kind: "unreadable"; readonly code: "not_utf8" | "empty"; readonly message: string; readonly notes: [] };

function readPlain(bytes: Buffer): PlainText {
  const text = decodeUtf8(bytes);
  if (text === null)
    return { kind: "unreadable", code: "not_utf8", message: "its bytes are not UTF-8 text", notes: [] };
  if (text.trim() === "") return { kind: "unreadable", code: "empty", message: "it holds no text", notes: [] };
  return { kind: "text", text, notes: [] };
}

export function tooLargeMessage(bytes: number, maxBytes = maxRequestBytes): string {
  return maxBytes === maxRequestBytes
    ? `${bytes} bytes; a request holds at most ${maxBytes}`
    : `${bytes} bytes; at most ${maxBytes} are read`;
}

/** Without a byte order mark. A NUL is valid UTF-8 and no text. */
function decodeUtf8(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
