/**
 * Reads a gzipped file of JSON lines from eval/data, each line checked by a
 * schema. The files are part of the repository, so a bad one is a bug.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

/** `file`: below eval/data, without `.jsonl.gz`. @throws Error when a line does not fit the schema. */
export function readRows<Row>(file: string, schema: z.ZodType<Row>): readonly Row[] {
  const packed = readFileSync(new URL(`../data/${file}.jsonl.gz`, import.meta.url));
  const lines = gunzipSync(packed).toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => schema.parse(JSON.parse(line)));
}
