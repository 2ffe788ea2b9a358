/** What test:api needs of the machine beside Node: a part that is missing fails the tests, with its name and remedy. */
import { spawnSync } from "node:child_process";

const parts = {
  "redis-server": { try: ["--version"], remedy: "apt-get install redis-server" },
  python3: {
    try: ["-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"],
    remedy: "apt-get install python3 python3-venv, at least 3.11",
  },
} as const;

/** Errors: one that says what is missing and how it is had. */
export function need(part: keyof typeof parts): void {
  const { try: words, remedy } = parts[part];
  const { status } = spawnSync(part, words, { stdio: "ignore" });
  if (status !== 0) throw new Error(`test:api needs ${part}: on Debian ${remedy}`);
}
