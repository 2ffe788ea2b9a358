/**
 * Reads an evidence pack and judges it: its links as a chain, its heads, and
 * whether anything of what it says to hold was left out. `links.jsonl` alone can
 * be judged too, as a chain. Needs Node alone: the evidence pack carries this
 * file.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { judgeChain, type Verdict } from "./judge-chain.ts";
import { judgeSelection, type Selection, type SelectionVerdict } from "./judge-selection.ts";
import { readLinkLine } from "./read-link.ts";
import { keyIdOf, readHead, type ReadHead } from "./signed-head.ts";

export const packFiles = { links: "links.jsonl", heads: "heads.jsonl", manifest: "manifest.json" } as const;

export interface PackVerdict extends Verdict {
  readonly heads: number;
  /** Ids of the keys that signed them. */
  readonly signedBy: readonly string[];
  /** Null of links alone. */
  readonly selection: (SelectionVerdict & { readonly of: Selection }) | null;
}

/** What a pack says of itself, as far as it is judged by. */
export interface Manifest {
  readonly selection: Selection;
  readonly partitions: readonly { readonly partition: number; readonly first: number }[];
}

/** `trusted`: public keys that may sign; any when it is null. @throws Error of the file system. */
export function judgePack(
  place: string,
  trusted: ReadonlySet<string> | null,
  kept: readonly ReadHead[] = [],
): PackVerdict {
  const isFolder = statSync(place).isDirectory();
  const linksFile = isFolder ? path.join(place, packFiles.links) : place;
  const links = linesOf(linksFile).map((line, index) => readLinkLine(line, `line ${index + 1}`));
  const heads = [...(isFolder ? readHeadLines(path.join(place, packFiles.heads), trusted) : []), ...kept];
  const manifest = isFolder ? readManifest(path.join(place, packFiles.manifest)) : null;
  const first = new Map(manifest?.partitions.map((one) => [one.partition, one.first]));
  const verdict = judgeChain({ links, heads, first });
  const of = manifest?.selection ?? null;
  const selection = of === null ? null : { ...judgeSelection(links, of), of };
  const fault = verdict.fault ?? selection?.fault ?? null;
  return { ...verdict, fault, heads: heads.length, signedBy: signersOf(heads), selection };
}

/** Of each line that is not empty. @throws Error of the file system. */
export function readHeadLines(file: string, trusted: ReadonlySet<string> | null): readonly ReadHead[] {
  return linesOf(file).flatMap((line, index) =>
    line === "" ? [] : [readHead(parsed(line), `${path.basename(file)}, line ${index + 1}`, trusted)],
  );
}

export function signersOf(heads: readonly ReadHead[]): readonly string[] {
  const ids = heads.flatMap(({ head, defect }) => (head === null || defect !== null ? [] : keyIdOf(head.public_key)));
  return [...new Set(ids)];
}

/** The last line ends with a line feed like the others. */
function linesOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** Null where a pack has none: its links are a chain, of which nothing is claimed. */
function readManifest(file: string): Manifest | null {
  if (!existsSync(file)) return null;
  const { selection, partitions }: Readonly<Record<string, unknown>> = {
    ...object(parsed(readFileSync(file, "utf8"))),
  };
  const { run_id: runId, client_id: clientId }: Readonly<Record<string, unknown>> = { ...object(selection) };
  const listed: readonly unknown[] = Array.isArray(partitions) ? partitions : [];
  return {
    selection: {
      ...(typeof runId === "string" ? { run_id: runId } : {}),
      ...(typeof clientId === "string" ? { client_id: clientId } : {}),
    },
    partitions: listed.flatMap((one) => {
      const { partition, first }: Readonly<Record<string, unknown>> = { ...object(one) };
      return typeof partition === "number" && typeof first === "number" ? [{ partition, first }] : [];
    }),
  };
}

function object(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
