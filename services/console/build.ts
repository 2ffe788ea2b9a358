/**
 * Builds the console's page with Vite into `dist`, where the gateway reads it;
 * nothing when what is there was built from these sources already. Needs the
 * development dependencies; run by hand it builds in any case:
 * `node services/console/build.ts`.
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = import.meta.dirname;
const output = path.join(folder, "dist");
const builtFrom = "built-from.txt";

export type Build = "built" | "as it was" | "no Vite here";

/** Errors: what Vite says of sources that do not build. */
export async function buildConsole(): Promise<Build> {
  const sources = hashOfSources();
  if (sources === hashOfBuild()) return "as it was";
  const fresh = path.join(folder, `dist-${process.pid}`);
  const vite = await import("vite").catch(() => null);
  if (vite === null) return "no Vite here";
  await vite.build({
    root: folder,
    base: "/console/",
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir: fresh,
      emptyOutDir: true,
      target: "baseline-widely-available",
      // The content policy takes no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      license: true,
    },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  });
  writeFileSync(path.join(fresh, builtFrom), sources);
  return putInPlace(fresh, sources);
}

/** A gateway that starts meanwhile finds the one or the other, and no half; of two who build the same, the first is kept. */
function putInPlace(fresh: string, sources: string): Build {
  try {
    if (hashOfBuild() !== sources) {
      rmSync(output, { recursive: true, force: true });
      renameSync(fresh, output);
      return "built";
    }
  } catch (error) {
    if (hashOfBuild() !== sources) throw error;
  }
  rmSync(fresh, { recursive: true, force: true });
  return "as it was";
}

/** Of everything that the page is made of, and the versions of what it is made with. */
function hashOfSources(): string {
  const files = globSync("**/*.{ts,tsx,css,html,svg,json}", { cwd: folder, exclude: ["dist", "dist-*"] });
  const hash = createHash("sha256");
  for (const file of files.toSorted()) {
    if (!file.endsWith(".test.ts")) hash.update(`${file}\0`).update(readFileSync(path.join(folder, file)));
  }
  return hash.update(readFileSync(path.resolve(folder, "../../package.json"))).digest("hex");
}

function hashOfBuild(): string | null {
  try {
    return readFileSync(path.join(output, builtFrom), "utf8");
  } catch {
    return null;
  }
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(`The console's page: ${await buildConsole()}.\n`);
}
