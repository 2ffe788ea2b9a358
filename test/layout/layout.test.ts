/**
 * The laws of the layout: who may import whom, which package lives where, how
 * long a file and how full a folder may be, and names that say nothing. They
 * are read from the sources' own import lines.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

interface Source {
  readonly file: string;
  readonly lines: readonly string[];
  readonly imports: readonly string[];
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|[^.\w])import\(\s*"([^"]+)"\s*\)|(?:^|\n)\s*import\s+"([^"]+)"/g;

function readSource(file: string): Source {
  const text = readFileSync(file, "utf8");
  const specifiers = [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  const imports = specifiers.map((specifier) =>
    specifier.startsWith(".") ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)) : specifier,
  );
  return { file, lines: text.split("\n"), imports };
}

const all = globSync("{schemas,topics,services,infra,harnesses,test,bench,eval,docs}/**/*.{ts,tsx}")
  .filter((file) => !file.includes("node_modules"))
  .toSorted()
  .map(readSource);
const isTest = (file: string): boolean => file.endsWith(".test.ts") || file.startsWith("test/");
const sources = all.filter(({ file }) => !isTest(file));

const stages = ["input-scan", "model-invoke", "output-validate", "cost-aggregate", "alerts", "audit-seal"];
const pureFolders = ["services/guards/", "services/pricing/", "services/definitions/", "services/budgets/"];
/** Logic of the operator's work, for HTTP and the command line alike. */
const sharedByEdges = ["services/dead-letters", "services/reviews", "services/audit-chain", "services/status"];
const pureNames = /^services\/[^/]+\/(?:(?:decide|plan|interpret|price|rows|policy)\.ts|(?:rules|plan)\/[^/]+\.ts)$/;

function offenders(rule: (source: Source, imported: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports.filter((imported) => rule(source, imported)).map((imported) => `${source.file} imports ${imported}`),
  );
}

function within(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`);
}

test("the sources were found and their imports read", () => {
  assert.ok(sources.length > 20);
  assert.ok(sources.some((source) => source.imports.length > 3));
});

test("schemas import only schemas and zod, topics only schemas beside", () => {
  const files = (folder: string) => (source: Source) => within(source.file, folder);
  const wrong = offenders((source, imported) => {
    if (imported.startsWith("node:")) return false;
    if (files("schemas")(source) && source.file !== "schemas/generate.ts")
      return !within(imported, "schemas") && imported !== "zod";
    return files("topics")(source) && !within(imported, "schemas") && !within(imported, "topics") && imported !== "zod";
  });
  assert.deepEqual(wrong, []);
});

test("the runtime imports no stage, and stages never import each other", () => {
  const stageOf = (file: string): string | undefined => stages.find((stage) => within(file, `services/${stage}`));
  const wrong = offenders((source, imported) => {
    const from = stageOf(source.file);
    const to = stageOf(imported);
    if (to === undefined || from === to) return false;
    return (
      from !== undefined ||
      within(source.file, "services/runtime") ||
      pureFolders.some((folder) => source.file.startsWith(folder))
    );
  });
  assert.deepEqual(wrong, []);
});

test("pure files import only schemas, pure folders and their own folder, and nothing of Node", () => {
  const wrong = offenders((source, imported) => {
    if (!pureNames.test(source.file)) return false;
    if (imported.startsWith("node:")) return true;
    if (!imported.includes("/") || imported.startsWith("@"))
      return /kafkajs|openai|anthropic|clickhouse|pino|opentelemetry/.test(imported);
    const own = source.file.split("/").slice(0, 2).join("/");
    return (
      !["schemas/", "topics/", "services/ledger/rows.ts", `${own}/`, ...pureFolders].some((folder) =>
        imported.startsWith(folder),
      ) && imported.endsWith(".ts")
    );
  });
  assert.deepEqual(wrong, []);
});

test("each outside system's package is imported in its one place", () => {
  const wrong = offenders(({ file }, imported) => {
    if (/^kafkajs(\/|$)|^@kafkajs\//.test(imported)) return !within(file, "services/runtime") && !within(file, "bench");
    if (/^openai(\/|$)|^@anthropic-ai\//.test(imported)) return !within(file, "services/providers");
    if (imported.startsWith("@clickhouse/")) return path.posix.basename(file) !== "clickhouse.ts";
    if (imported === "chdb") return !within(file, "infra/embedded");
    return false;
  });
  assert.deepEqual(wrong, []);
});

test("what the gateway and the command line share belongs to neither of them, nor to a stage", () => {
  const owners = ["services/gateway", "services/cli", ...stages.map((stage) => `services/${stage}`)];
  const wrong = offenders(
    ({ file }, imported) =>
      sharedByEdges.some((folder) => within(file, folder)) && owners.some((owner) => within(imported, owner)),
  );
  const crossed = offenders(
    ({ file }, imported) => within(file, "services/gateway") && within(imported, "services/cli"),
  );
  assert.deepEqual([...wrong, ...crossed], []);
});

test("nothing imports infra but infra, and nothing imports test or bench", () => {
  const wrong = offenders(({ file }, imported) => {
    if (within(imported, "infra")) return !within(file, "infra") && !within(file, "bench");
    return within(imported, "test") || (within(imported, "bench") && !within(file, "bench"));
  });
  assert.deepEqual(wrong, []);
});

test("infra imports only schemas, topics and the runtime beside itself", () => {
  const wrong = offenders(({ file }, imported) => {
    if (!within(file, "infra") || !within(imported, "services")) return false;
    return !within(imported, "services/runtime");
  });
  assert.deepEqual(wrong, []);
});

test("the console takes only types from outside itself, its build aside, and nobody takes anything but that build", () => {
  const isPage = (file: string): boolean => within(file, "services/console") && file !== "services/console/build.ts";
  const wrong = sources.flatMap(({ file, lines, imports }) => {
    if (!isPage(file)) return imports.filter(isPage).map((imported) => `${file} imports ${imported}`);
    const values = lines.filter((line) =>
      /^(?:import|export) (?!type ).*from "(?:node:|(?:\.\.\/)+(?:gateway|ledger|schemas|topics))/.test(line),
    );
    const outside = imports.filter((imported) => imported.endsWith(".ts") && !/^(?:services|schemas)\//.test(imported));
    return [...values, ...outside].map((found) => `${file}: ${found}`);
  });
  assert.deepEqual(wrong, []);
});

test("no file is over 300 lines, no test over 500", () => {
  const wrong = all.filter(({ file, lines }) => lines.length - 1 > (isTest(file) ? 500 : 300)).map(({ file }) => file);
  assert.deepEqual(wrong, []);
});

test("no folder holds more than ten sources beside its tests", () => {
  const perFolder = Map.groupBy(sources, ({ file }) => path.posix.dirname(file));
  const wrong = [...perFolder]
    .filter(([, files]) => files.length > 10)
    .map(([folder, files]) => `${folder}: ${files.length}`);
  assert.deepEqual(wrong, []);
});

test("every source opens with a header that says what it does", () => {
  const wrong = sources.filter(({ lines }) => {
    const first = lines[0]?.startsWith("#!") ? lines[1] : lines[0];
    return !(first ?? "").startsWith("/**");
  });
  assert.deepEqual(
    wrong.map(({ file }) => file),
    [],
  );
});

test("no name says nothing: utils, helpers, common, shared, lib, misc, manager, types, index", () => {
  const empty = /(?:^|\/)(?:utils?|helpers?|common|shared|lib|misc|manager|types|index)(?:\/|\.tsx?$|$)/;
  assert.deepEqual(
    all.map(({ file }) => file).filter((file) => empty.test(file)),
    [],
  );
});

test("stages stay readable: stage.ts under 60 lines of code, main.ts under 30", () => {
  const codeLines = ({ lines }: Source): number => {
    const afterHeader = lines.slice(lines.findIndex((line) => line.trim() === "*/") + 1);
    return afterHeader.filter(
      (line) => line.trim() !== "" && !/^\s*(?:\/\/|\/?\*)/.test(line) && !/^import\b/.test(line),
    ).length;
  };
  const wrong = sources.filter((source) => {
    const stage = stages.some((name) => within(source.file, `services/${name}`));
    const name = path.posix.basename(source.file);
    return stage && ((name === "stage.ts" && codeLines(source) > 60) || (name === "main.ts" && codeLines(source) > 30));
  });
  assert.deepEqual(
    wrong.map((source) => `${source.file}: ${codeLines(source)}`),
    [],
  );
});
