#!/usr/bin/env node
/**
 * The command `breakwater`. Says in one sentence when Node is too old (one
 * below 22.18 cannot even read this file), runs the command line, and leaves
 * with the status of exit-codes.ts once everything is written.
 */
import { setTimeout as sleep } from "node:timers/promises";

const leastNode = 24;

async function main(): Promise<number> {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < leastNode) {
    process.stderr.write(
      `Breakwater needs Node ${leastNode} or newer, and this is ${process.versions.node}. Run it as \`npx breakwater ...\` or \`npm start\` ` +
        `in its folder after \`npm install\`: npm puts the Node that the project brings along first.\n`,
    );
    return 2;
  }
  const { runCommandLine } = await import("./program/command-line.ts");
  return runCommandLine(process.argv.slice(2), process.env, process);
}

/** A pipe takes its time; leaving before would cut the output off. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  while (stream.writableLength > 0 && !stream.destroyed) await sleep(5);
}

// A reader that has seen enough (`| head`) closes the pipe: no reason to complain.
process.stdout.on("error", () => process.exit(0));

const code = await main();
await flushed(process.stdout);
await flushed(process.stderr);
process.exit(code);
