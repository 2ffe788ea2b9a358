/** The committed example records, by topic and case. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "..", "..", "topics", "examples");

export function casesOf(topic: string): string[] {
  return readdirSync(path.join(folder, topic))
    .map((file) => path.basename(file, ".json"))
    .toSorted();
}

/** The bytes as a publisher would write them: without the file's line breaks. */
export function exampleBytes(topic: string, name: string): Buffer {
  return Buffer.from(JSON.stringify(exampleValue(topic, name)));
}

export function exampleValue(topic: string, name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, topic, `${name}.json`), "utf8"));
}
