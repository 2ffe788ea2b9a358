/**
 * The whole command line: declares every command, runs the one that was asked
 * for, turns whatever happens into a sentence and an exit status.
 */
import { Command, CommanderError } from "commander";
import { CommandError, exitCodeHelp, exitCodeOf, exitCodes, Interruption, type ExitCode } from "../exit-codes.ts";
import { declareAlerts } from "../alerts/declare-alerts.ts";
import { declareAudit } from "../audit/declare-audit.ts";
import { declareErase } from "../erase/declare-erase.ts";
import { declareKeys } from "../keys/declare-keys.ts";
import { declarePrices } from "../prices/declare-prices.ts";
import { declareReviews } from "../reviews/declare-reviews.ts";
import { openScreen, type Streams } from "../screen.ts";
import type { CommandContext, Runner } from "./command.ts";
import { declareBudgets } from "./budgets.ts";
import { declareDefinitions } from "./definitions.ts";
import { declareInsight } from "./insight.ts";
import { declareLetters } from "./letters.ts";
import { declareOrders } from "./orders.ts";
import { declareOffline } from "./offline.ts";
import { declareSystem } from "./system.ts";
import { declareWork } from "./work.ts";

export async function runCommandLine(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  streams: Streams,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = commandLine(streams, async (load, command) => {
    const action = await load();
    const options: unknown = command.optsWithGlobals();
    code = await action(openContext(isJson(options), env, streams), { words: command.args, options });
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const status = exitCodeOf(error);
    streams.stderr.write(`${explain(error, status)}\n`);
    return status;
  }
}

/** Exported for the documentation's test: the same commands, run by `run`. */
export function commandLine(streams: Streams, run: Runner): Command {
  const program = new Command("breakwater")
    .description("The boundary around every LLM call: validates, guards, prices, records and recovers it.")
    .version("0.1.0")
    .option("--json", "JSON on stdout, for scripts")
    .option("--operator <name>", "who changes something, for the audit; your user name when absent")
    .addHelpText("after", `${exitCodeHelp()}\n\nStart here: npm start`)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(--help shows what there is)")
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    })
    .exitOverride();
  declareSystem(program, run);
  declareWork(program, run);
  declareInsight(program, run);
  declareLetters(program, run);
  declareReviews(program, run);
  declareDefinitions(program, run);
  declareBudgets(program, run);
  declareAlerts(program, run);
  declarePrices(program, run);
  declareErase(program, run);
  declareKeys(program, run);
  declareAudit(program, run);
  declareOffline(program, run);
  declareOrders(program, run);
  return program;
}

function openContext(json: boolean, env: NodeJS.ProcessEnv, streams: Streams): CommandContext {
  let signal: AbortSignal | null = null;
  return {
    screen: openScreen(json, streams),
    env,
    get signal() {
      signal ??= interruptSignal();
      return signal;
    },
  };
}

/** The first signal aborts; the listeners stay, so that a later one does not cut the stopping off. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGINT", () => controller.abort(new Interruption("SIGINT")));
  process.on("SIGTERM", () => controller.abort(new Interruption("SIGTERM")));
  process.on("SIGHUP", () => controller.abort(new Interruption("SIGTERM")));
  return controller.signal;
}

function explain(error: unknown, status: ExitCode): string {
  if (!(error instanceof Error)) return `breakwater: ${String(error)}`;
  if (status !== exitCodes.failure || error instanceof CommandError) return `breakwater: ${error.message}`;
  return `breakwater: an unexpected error, which is a bug\n${error.stack ?? error.message}`;
}

function isJson(options: unknown): boolean {
  return typeof options === "object" && options !== null && "json" in options && options.json === true;
}
