/** Reads the links and heads of an evidence pack: a folder, or its file of links alone. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { readLinkLine, type ReadLink } from "../../audit-chain/read-link.ts";
import type { ReadHead } from "../../audit-chain/signed-head.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { unreadable } from "../program/command.ts";
import { headsInFile } from "./read-heads.ts";

export interface ReadPack {
  readonly links: readonly ReadLink[];
  readonly heads: readonly ReadHead[];
}

/** Errors: CommandError that names the file that cannot be read. */
export async function readPack(place: string, trusted: ReadonlySet<string> | null): Promise<ReadPack> {
  const isFolder = (await stat(place).catch(() => null))?.isDirectory() === true;
  const file = isFolder ? path.join(place, "links.jsonl") : place;
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CommandError(exitCodes.usage, `${file}: ${unreadable(error)}`);
  });
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : text.split("\n");
  return {
    links: text === "" ? [] : lines.map((line, index) => readLinkLine(line, `line ${index + 1}`)),
    heads: isFolder ? await headsInFile(path.join(place, "heads.jsonl"), trusted) : [],
  };
}
