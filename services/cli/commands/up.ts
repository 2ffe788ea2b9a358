/**
 * `up`: the whole system from one command, with --demo a batch through it.
 * Stays up until Ctrl-C, or leaves with --exit; stops everything in order
 * either way.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Actor } from "../../../schemas/audit/change.ts";
import { homeOf } from "../connections.ts";
import { CommandError, exitCodes, Interruption, type ExitCode } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction, type CommandContext } from "../program/command.ts";
import { bringUp, type BroughtUp } from "../up/bring-up.ts";
import { demonstrate } from "../up/demonstration.ts";
import { readConfig } from "../../runtime/config.ts";
import { hasSecret } from "../../runtime/process/secret-setting.ts";
import { secretVariables, variables, type VariableName } from "../../runtime/variables.ts";
import { RunningSystem } from "../up/running-system.ts";

const ports = "a port, from 1 to 65535";
const port = z.coerce.number(ports).int(ports).min(1, ports).max(65_535, ports).optional();
const upOptions = z.object({
  demo: z.boolean().default(false),
  exit: z.boolean().default(false),
  kafkaPort: port,
  clickhousePort: port,
  registryPort: port,
  standInPort: port,
  standInLatency: z.string().regex(/^\d+$/, "a whole number of milliseconds").optional(),
  standInFaults: z.string().optional(),
});
type UpOptions = z.output<typeof upOptions>;

export const up: CommandAction = async (context, { options: given }) => {
  const options = parseOptions(upOptions, given);
  const system = new RunningSystem((line) => context.screen.note(line));
  const staying = { up: false };
  const work = run(context, options, { system, staying, by: operatorOf(given) });
  try {
    const code = await Promise.race([work, aborted(context.signal)]);
    if (code !== undefined) return code;
    // Interrupted while staying up is how it is meant to end.
    if (staying.up) return exitCodes.ok;
    await Promise.race([work.catch(() => undefined), sleep(lastWordsMs)]);
    throw interruptionOf(context.signal);
  } finally {
    await system.stop();
  }
};

/** A batch that is interrupted writes down where it is. */
const lastWordsMs = 2000;

interface Going {
  readonly system: RunningSystem;
  readonly staying: { up: boolean };
  readonly by: Actor;
}

async function run(context: CommandContext, options: UpOptions, { system, staying, by }: Going): Promise<ExitCode> {
  const { screen, env } = context;
  checkSettings(env);
  const home = homeOf(env);
  const standIn = { latencyMs: options.standInLatency, faultsFile: options.standInFaults };
  // Once it is being stopped, what still comes up is nobody's concern.
  const say = (line: string): void => (context.signal.aborted ? undefined : screen.note(line));
  const broughtUp = await bringUp({ home, env, by, say, ports: portsOf(options), standIn }, system);
  let code: ExitCode = exitCodes.ok;
  let summary = {};
  if (options.demo) ({ code, summary } = await demonstrate(context, home, broughtUp));
  const addresses = { kafka: broughtUp.env["KAFKA_BROKERS"], clickhouse: broughtUp.env["CLICKHOUSE_URL"] };
  screen.document({ home, ...addresses, gateway: broughtUp.gateway, stand_in: broughtUp.standIn, ...summary });
  if (options.exit) return code;
  screen.note(whatNext(broughtUp, options.demo));
  staying.up = true;
  await system.infraEnded;
  throw new CommandError(exitCodes.failure, `The embedded system ended; its logs are in ${home}/logs.`);
}

/** Every setting that is there, before anything starts: the stages would find a bad one too late. */
function checkSettings(env: NodeJS.ProcessEnv): void {
  const secrets = secretVariables.filter((name) => hasSecret(name, env));
  readConfig([...Object.keys(env).filter(isVariable), ...secrets], env);
}

function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}

function interruptionOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Interruption("SIGINT");
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function portsOf({ kafkaPort, clickhousePort, registryPort, standInPort }: UpOptions): Record<string, number> {
  const ports = { kafka: kafkaPort, clickhouse: clickhousePort, registry: registryPort, "stand-in": standInPort };
  return Object.fromEntries(
    Object.entries(ports).flatMap(([part, number]) => (number === undefined ? [] : [[part, number]])),
  );
}

function whatNext({ standIn, gateway }: BroughtUp, demo: boolean): string {
  return [
    "",
    "It stays up; Ctrl-C stops it. In another terminal, in this folder, try:",
    "  npx breakwater publish --harness summarise --client acme --text 'Some text.' --wait",
    ...(demo ? ["  npx breakwater runs list", "  npx breakwater runs show <run id>"] : []),
    "  npx breakwater batch --harness summarise --client acme <folder of .txt, .md, .pdf, .docx and .html files>",
    "  npx breakwater costs --by client,day",
    "  npx breakwater dlq list",
    "Over HTTP, with a key (npx breakwater keys create --client acme):",
    `  curl ${gateway}/v1/runs -H 'authorization: Bearer <key>' -H 'content-type: application/json' \\`,
    `    -d '{"harness": "summarise", "input": {"document": "Some text."}}'`,
    `  OpenAI's and Anthropic's SDKs: base URL ${gateway}/v1 and ${gateway}, model: a harness's name`,
    ...(standIn ? ["With OPENAI_API_KEY or ANTHROPIC_API_KEY set, the same commands call the real models."] : []),
  ].join("\n");
}
