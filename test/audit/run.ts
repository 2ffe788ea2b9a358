/**
 * The dependency audit of CI: `npm audit` over what production installs. Exits
 * 1 on a known weakness of high severity or above. A registry that makes no
 * audits is told plainly, on a line that says NOT MADE; the lock file stands.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readAudit } from "./read-audit.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { cwd: root, encoding: "utf8" });
const audit = readAudit(stdout);
switch (audit.kind) {
  case "clean":
    process.stdout.write(`audit: ${audit.packages} packages, none with a known weakness of high severity or above\n`);
    break;
  case "weak":
    process.stdout.write(`audit: weak packages\n${audit.weaknesses.map((line) => `  ${line}\n`).join("")}`);
    process.exitCode = 1;
    break;
  case "not_made":
    process.stdout.write(`audit: NOT MADE, ${audit.why}: nothing is known of these dependencies\n`);
}
