/**
 * Reads settings from the environment by the rules of variables.ts. All
 * problems are reported at once, each with the variable's name and its rule,
 * never with its value. An unknown BREAKWATER_ variable is a problem too: it is
 * a misspelt setting. An empty value counts as not set. A secret may stand in a
 * file that NAME_FILE names.
 */
import type { z } from "zod";
import { ConfigError } from "./errors.ts";
import { fileVariableOf, secretSetting } from "./process/secret-setting.ts";
import { secretVariables, variables, type VariableName } from "./variables.ts";

export type Config = { readonly [Name in VariableName]: z.output<(typeof variables)[Name]> };
export type Environment = Readonly<Record<string, string | undefined>>;

/** Errors: ConfigError with one line a problem. */
export function readConfig<Name extends VariableName>(
  names: readonly Name[],
  environment?: Environment,
): Pick<Config, Name>;
export function readConfig(names: readonly VariableName[], environment: Environment = process.env): object {
  const problems = unknownVariables(environment);
  const config: Record<string, unknown> = {};
  for (const name of new Set(names)) {
    const read = settingOf(name, environment);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    const { given } = read;
    const parsed = variables[name].safeParse(given === "" ? undefined : given);
    if (parsed.success) config[name] = parsed.data;
    else problems.push(problem(name, parsed.error, given === undefined || given === ""));
  }
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config;
}

/** What is printed at start: every setting, secrets hidden. */
export function describeConfig(config: Readonly<Partial<Record<VariableName, unknown>>>): Record<string, unknown> {
  const hidden: ReadonlySet<string> = new Set(secretVariables);
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, hidden.has(name) && value !== "" ? "[hidden]" : withoutCredentials(value)]),
  );
}

function problem(name: VariableName, error: z.ZodError, missing: boolean): string {
  const meaning = variables[name].description ?? "";
  if (missing) return `${name} is not set: ${meaning}`;
  return `${name}: ${error.issues.map(rule).join("; ")} (${meaning})`;
}

function rule({ message }: z.core.$ZodIssue): string {
  return message.replace(/^Invalid (?:input|option): /, "").replace(/, received NaN$/, "");
}

/** As it stands; of a secret, perhaps what the file holds that is named for it. */
function settingOf(
  name: VariableName,
  environment: Environment,
): { readonly given: string | undefined } | { readonly problem: string } {
  if (!secretVariables.includes(name)) return { given: environment[name] };
  try {
    return { given: secretSetting(name, environment) };
  } catch (error) {
    if (error instanceof ConfigError) return { problem: error.message };
    throw error;
  }
}

function unknownVariables(environment: Environment): string[] {
  const known = [...Object.keys(variables), ...secretVariables.map(fileVariableOf)];
  return Object.keys(environment)
    .filter((name) => name.startsWith("BREAKWATER_") && !known.includes(name))
    .map((name) => `${name} is not a setting; the nearest is ${nearest(name, known)}`);
}

function nearest(name: string, known: readonly string[]): string {
  return known.toSorted((one, other) => editDistance(name, one) - editDistance(name, other))[0] ?? "none";
}

/** Levenshtein's: how many letters are put in, taken out or changed. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [line, letter] of Array.from(from).entries()) {
    const next = [line + 1];
    for (const [at, other] of Array.from(to).entries()) {
      const changed = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** A URL may carry a user and a password. */
function withoutCredentials(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\/\/[^/@\s]+@/, "//[hidden]@") : value;
}
