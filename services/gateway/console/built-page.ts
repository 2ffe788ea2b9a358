/**
 * The console's page as Vite built it, read into memory once: the document that
 * every address of the console gets, and the files that it loads, whose names
 * change with their content. Each is held compressed, too.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

export interface PageFile {
  readonly contentType: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
}

export interface BuiltPage {
  readonly document: PageFile;
  /** By their names in `assets/`. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Null when nothing was built there. */
export function readBuiltPage(folder: string): BuiltPage | null {
  const document = path.join(folder, "index.html");
  if (!existsSync(document)) return null;
  const assets = path.join(folder, "assets");
  const names = readdirSync(assets);
  return {
    document: pageFile(document),
    assets: new Map(names.map((name) => [name, pageFile(path.join(assets, name))])),
  };
}

/** @throws Error for a kind of file that nobody named a content type for. */
function pageFile(file: string): PageFile {
  const contentType = contentTypes[path.extname(file)];
  if (contentType === undefined) throw new Error(`no content type for ${path.basename(file)}`);
  const plain = readFileSync(file);
  return { contentType, plain, gzip: gzipSync(plain, { level: 9 }) };
}
