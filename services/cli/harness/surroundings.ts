/**
 * What a definition is judged beside: the providers that are configured here,
 * and how long decisions and content are kept by this environment's settings. Processes
 * elsewhere may be set otherwise.
 */
import { contentPathsIn } from "../../runtime/content/record-content.ts";
import { catalog } from "../../../topics/catalog.ts";
import { day, deadLetterRetentionMs } from "../../../topics/retention.ts";
import type { Surroundings } from "../../definitions/compliance/find-shortfalls.ts";
import { openProviderBook, type ProviderBook } from "../../providers/configured/provider-book.ts";
import { readConfig, type Environment } from "../../runtime/config.ts";

/** The providers that are configured here: what the stages know may differ, where they run elsewhere. */
export function bookOf(env: Environment): ProviderBook {
  return openProviderBook(readConfig(["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "BREAKWATER_PROVIDERS_FILE"], env));
}

export function surroundingsOf(env: Environment, { entries }: Pick<ProviderBook, "entries">): Surroundings {
  const { BREAKWATER_LEDGER_AUDIT_DAYS: days, BREAKWATER_REQUESTS_KEPT_MS: requestsKeptMs } = readConfig(
    ["BREAKWATER_LEDGER_AUDIT_DAYS", "BREAKWATER_REQUESTS_KEPT_MS"],
    env,
  );
  return {
    termsOf: (provider) => {
      const entry = entries.get(provider);
      if (entry === undefined) return undefined;
      const address = entry.layout === "azure" ? entry.endpoint : entry.baseUrl;
      return { address, region: entry.region, agreements: entry.agreements };
    },
    decisionsKeptDays: days === 0 ? Infinity : days,
    contentKeptDays: longestContentMs() / day,
    requestsKeptDays: requestsKeptMs / day,
  };
}

/** Of what records hold by their schemas; requests, content as a whole, have a time of their own. */
function longestContentMs(): number {
  const kept = catalog.map(({ name, retentionMs }) => (contentPathsIn(name).length > 0 ? (retentionMs ?? 0) : 0));
  return Math.max(deadLetterRetentionMs, ...kept);
}
