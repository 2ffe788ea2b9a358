/**
 * A file of JSON lines that survives a kill -9: what `append` has resolved for
 * is on disk. A last line that was cut off by a crash is dropped when the file
 * is opened, so that the next append starts on a line of its own.
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";

export interface DurableLines {
  append(values: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function openDurableLines(file: string): Promise<DurableLines> {
  await mkdir(path.dirname(file), { recursive: true });
  const whole = Buffer.byteLength((await wholeLines(file)).map((line) => `${line}\n`).join(""));
  const handle = await open(file, "a");
  await handle.truncate(whole);
  await syncFolder(path.dirname(file));
  return {
    append: async (values) => {
      if (values.length === 0) return;
      await handle.appendFile(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
      await handle.datasync();
    },
    close: () => handle.close(),
  };
}

/** The parsed lines; none when there is no such file. Throws SyntaxError with the line's number on one that is not JSON. */
export async function readLines(file: string): Promise<readonly unknown[]> {
  return (await wholeLines(file)).map((line, index) => {
    try {
      const value: unknown = JSON.parse(line);
      return value;
    } catch {
      throw new SyntaxError(`${file}:${index + 1} is not JSON`);
    }
  });
}

/** Replaces the file as a whole: a reader sees the old one or the new one. */
export async function replaceLines(file: string, values: Iterable<unknown>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, "w");
  try {
    for (const value of values) await handle.write(`${JSON.stringify(value)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(path.dirname(file));
}

async function wholeLines(file: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
}

/** A new name in a folder is durable only when the folder is on disk too. Windows cannot do this and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
