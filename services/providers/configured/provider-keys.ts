/**
 * The keys of a provider, from the variable that is named for them, or the file
 * that this variable with _FILE names. A provider
 * that needs keys and has none stops the start when it is one of the providers
 * file's; OpenAI and Anthropic exist always and may be without.
 */
import { ConfigError } from "../../runtime/errors.ts";
import type { Environment } from "../../runtime/config.ts";
import { secretSetting } from "../../runtime/process/secret-setting.ts";
import type { ProviderBook, ProvidersConfig } from "./provider-book.ts";

/** Sent where an address is set without a key: such servers want a value and ignore it. */
const noKey = "none";

/** Of each provider; [] for one that cannot be called. @throws ConfigError naming the provider and the variable. */
export function providerKeys(
  { entries }: ProviderBook,
  config: ProvidersConfig,
  environment: Environment,
): ReadonlyMap<string, readonly string[]> {
  const missing: string[] = [];
  const keys = new Map<string, readonly string[]>();
  for (const [name, { keysFrom }] of entries) {
    if (name === "openai") keys.set(name, ownKeys(config.OPENAI_API_KEY, config.OPENAI_BASE_URL));
    else if (name === "anthropic") keys.set(name, ownKeys(config.ANTHROPIC_API_KEY, config.ANTHROPIC_BASE_URL));
    else if (keysFrom === undefined) keys.set(name, [noKey]);
    else {
      keys.set(name, listed(secretSetting(keysFrom, environment)));
      if (keys.get(name)?.length === 0) missing.push(`/${name}/keysFrom: ${keysFrom} is not set`);
    }
  }
  if (missing.length === 0) return keys;
  const file = config.BREAKWATER_PROVIDERS_FILE ?? "";
  throw new ConfigError(missing.map((problem) => `BREAKWATER_PROVIDERS_FILE: ${file}: ${problem}`).join("\n"));
}

function ownKeys(keys: string | undefined, baseUrl: string | undefined): readonly string[] {
  const given = listed(keys);
  return given.length === 0 && baseUrl !== undefined ? [noKey] : given;
}

/** Comma separated. */
function listed(keys: string | undefined): readonly string[] {
  return (keys ?? "").split(",").flatMap((key) => (key.trim() === "" ? [] : [key.trim()]));
}
