#!/usr/bin/env node
/**
 * The command `breakwater`: runs the command line, and leaves with the status
 * of exit-codes.ts once everything is written.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { runCommandLine } from "./program/command-line.ts";

/** A pipe takes its time; leaving before would cut the output off. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  while (stream.writableLength > 0 && !stream.destroyed) await sleep(5);
}

// A reader that has seen enough (`| head`) closes the pipe: no reason to complain.
process.stdout.on("error", () => process.exit(0));

const code = await runCommandLine(process.argv.slice(2), process.env, process);
await flushed(process.stdout);
await flushed(process.stderr);
process.exit(code);
