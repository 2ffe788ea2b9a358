/**
 * A secret from the environment: NAME holds it, or NAME_FILE names the file that
 * does, as Docker and Kubernetes mount secrets. Both at once, or a file that
 * cannot be read, is a mistake that is told by the variable's name alone.
 */
import { readFileSync } from "node:fs";
import { ConfigError } from "../errors.ts";
import type { Environment } from "../config.ts";

export function fileVariableOf(name: string): string {
  return `${name}_FILE`;
}

/** The line break at the file's end is not part of the secret. undefined when neither is set. Errors: ConfigError. */
export function secretSetting(name: string, environment: Environment): string | undefined {
  const fileVariable = fileVariableOf(name);
  const [given, file] = [environment[name], environment[fileVariable]];
  if (file === undefined || file === "") return given;
  if (given !== undefined && given !== "")
    throw new ConfigError(`${name} and ${fileVariable} are both set: give one of them`);
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    throw new ConfigError(`${fileVariable}: its file cannot be read`);
  }
}

/** Whether one of the two is set. */
export function hasSecret(name: string, environment: Environment): boolean {
  return [environment[name], environment[fileVariableOf(name)]].some((value) => value !== undefined && value !== "");
}
