/**
 * The static half of CI: types, lint, format and stale generated files, each
 * a command that can be run by hand. The layout laws run with the tests, and
 * here too. Exits 1 when any part found something, after running all of them.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Part {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const parts: readonly Part[] = [
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "types of the console", command: ["tsc", "-p", "services/console"] },
  { name: "lint", command: ["oxlint", "--deny-warnings"] },
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "schemas", command: ["node", "schemas/generate.ts", "--check"] },
  { name: "layout", command: ["node", "--test", "--test-reporter=dot", "test/layout/*.test.ts"] },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const failed = parts.filter(({ name, command: [program, ...words] }) => {
  process.stdout.write(`check: ${name}\n`);
  const { status } = spawnSync(program, words, { cwd: root, stdio: "inherit" });
  return status !== 0;
});
process.stdout.write(failed.length === 0 ? "check: clean\n" : `check: ${failed.map((part) => part.name).join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
