/**
 * The embedded infrastructure as one child process (infra/embedded/main.ts),
 * and what it says while it starts.
 */
import path from "node:path";
import { exitCodes, CommandError } from "../exit-codes.ts";
import {
  embeddedMessage,
  type EmbeddedMessage,
  type EmbeddedPart,
  type EmbeddedState,
} from "../../runtime/process/embedded-state.ts";
import { describeEnding, startChild, type Child } from "./child.ts";

export interface InfraOptions {
  /** Absolute path of BREAKWATER_HOME. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly parts: readonly EmbeddedPart[];
  readonly ports: Readonly<Partial<Record<EmbeddedPart, number>>>;
  readonly standIn: { readonly latencyMs?: string | undefined; readonly faultsFile?: string | undefined };
  readonly onMessage: (message: EmbeddedMessage) => void;
}

export interface Infra {
  readonly child: Child;
  readonly addresses: EmbeddedState["addresses"];
}

export const infraFile = path.resolve(import.meta.dirname, "../../../infra/embedded/main.ts");

/** Time the broker and the ledger get to close their files, milliseconds. */
export const infraGraceMs = 45_000;

/** `onChild` is called at once, so that an interrupt during the start finds it. Errors: CommandError. */
export async function startInfra(options: InfraOptions, onChild: (child: Child) => void): Promise<Infra> {
  const logFile = path.join(options.home, "logs", "embedded.log");
  const outcome = Promise.withResolvers<EmbeddedState["addresses"]>();
  const child = startChild({
    file: infraFile,
    words: [
      "--home",
      options.home,
      "--parts",
      options.parts.join(","),
      ...portWords(options.ports),
      ...standInWords(options.standIn),
    ],
    env: options.env,
    logFile,
    onMessage: (raw) => {
      const parsed = embeddedMessage.safeParse(raw);
      if (!parsed.success) return;
      options.onMessage(parsed.data);
      const { data: message } = parsed;
      if (message.kind === "ready") outcome.resolve(message.addresses);
      if (message.kind === "taken") outcome.reject(alreadyRunning(message, options.home));
      if (message.kind === "failed") outcome.reject(new CommandError(exitCodes.usage, message.message));
    },
  });
  onChild(child);
  void child.ended.then((ending) =>
    outcome.reject(
      new CommandError(exitCodes.failure, `The embedded system ${describeEnding(ending)}; its log is ${logFile}`),
    ),
  );
  return { child, addresses: await outcome.promise };
}

function portWords(ports: InfraOptions["ports"]): readonly string[] {
  return Object.entries(ports).flatMap(([part, port]) => ["--port", `${part}=${port}`]);
}

function standInWords({ latencyMs, faultsFile }: InfraOptions["standIn"]): readonly string[] {
  return [
    ...(latencyMs === undefined ? [] : ["--stand-in-latency", latencyMs]),
    ...(faultsFile === undefined ? [] : ["--stand-in-faults", path.resolve(faultsFile)]),
  ];
}

function alreadyRunning({ pid, since }: { readonly pid: number; readonly since: string }, home: string): CommandError {
  return new CommandError(
    exitCodes.usage,
    [
      `Breakwater already runs in ${home} (process ${pid}, since ${since}).`,
      "Use that one from here (npx breakwater batch, runs, costs ...), stop it with Ctrl-C in its terminal,",
      "or start another beside it with its own folder: BREAKWATER_HOME=.breakwater-2 npm start",
    ].join("\n"),
  );
}
