/**
 * Reads signature packs from files and judges each whole: its form, names it
 * does not know, every pattern and every example. Whatever is wrong, in any
 * file, is said with file, line and reason, and then nothing is read at all.
 */
import { readFile } from "node:fs/promises";
import { signature, signaturePack, type ReadSignaturePack } from "../../../schemas/control/signature-pack.ts";
import { maxMessageBytes } from "../../../topics/catalog.ts";
import { compilePack, type CompiledPack } from "../../guards/injection/compile-pack.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { unreadable } from "../program/command.ts";
import { readPackDocument, type PackDocument } from "./pack-document.ts";

export interface PackFile {
  readonly file: string;
  readonly pack: ReadSignaturePack;
  readonly compiled: CompiledPack;
  /** The line of a part of the pack by its JSON pointer. */
  readonly lineOf: PackDocument["lineOf"];
}

/** Errors: CommandError with every reason of every file. */
export async function readPackFiles(files: readonly string[]): Promise<readonly PackFile[]> {
  const packs: PackFile[] = [];
  const wrong: string[] = [];
  for (const file of files) {
    const read = await readPackFile(file);
    if ("defects" in read) wrong.push(...read.defects);
    else {
      const twin = packs.find(({ pack }) => pack.pack === read.pack.pack);
      if (twin === undefined) packs.push(read);
      else wrong.push(`${file}:${read.lineOf("/pack")}: the pack ${read.pack.pack} is also in ${twin.file}`);
    }
  }
  if (wrong.length > 0) throw new CommandError(exitCodes.usage, wrong.join("\n"));
  return packs;
}

interface Refusal {
  /** `file:line: reason`, a line each. */
  readonly defects: readonly string[];
}

async function readPackFile(file: string): Promise<PackFile | Refusal> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return { defects: [`${file}: ${unreadable(error)}`] };
  }
  const document = readPackDocument(text);
  if (!("value" in document)) return { defects: [`${file}:${document.line}: ${document.message}`] };
  const at = (pointer: string, message: string) =>
    `${file}:${document.lineOf(pointer)}: ${pointer === "" ? "" : `${pointer}: `}${message}`;
  const parsed = signaturePack.safeParse(document.value);
  if (!parsed.success) return { defects: parsed.error.issues.map(({ path, message }) => at(pointerOf(path), message)) };
  const pack = parsed.data;
  const unknown = unknownKeys(document.value).map((pointer) => at(pointer, "there is no such setting"));
  if (unknown.length > 0) return { defects: unknown };
  const bytes = Buffer.byteLength(JSON.stringify(pack));
  if (bytes > maxMessageBytes - 1024)
    return {
      defects: [at("", `the pack has ${bytes} bytes, more than a record may have (${maxMessageBytes}): split it`)],
    };
  const verdict = compilePack(pack);
  if (verdict.kind === "compiled") return { file, pack, compiled: verdict.pack, lineOf: document.lineOf };
  return {
    defects: verdict.reasons.map(({ path = "", message, rule, code }) => at(path, `${message} (${rule ?? code})`)),
  };
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join("");
}

/** Zod leaves out what it does not know, as readers of a topic must; an author who misspelt a name wants to hear of it. */
function unknownKeys(value: unknown): readonly string[] {
  const signatures = typeof value === "object" && value !== null && "signatures" in value ? value.signatures : [];
  return [
    ...strangersIn(value, signaturePack.shape, ""),
    ...(Array.isArray(signatures) ? signatures : []).flatMap((each: unknown, index) => [
      ...strangersIn(each, signature.shape, `/signatures/${index}`),
      ...strangersIn(examplesOf(each), signature.shape.examples.shape, `/signatures/${index}/examples`),
    ]),
  ];
}

function examplesOf(each: unknown): unknown {
  return typeof each === "object" && each !== null && "examples" in each ? each.examples : undefined;
}

function strangersIn(value: unknown, shape: object, pointer: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => (Object.hasOwn(shape, key) ? [] : [`${pointer}/${key}`]));
}
