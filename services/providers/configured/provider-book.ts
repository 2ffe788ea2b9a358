/**
 * All providers that are configured here, by name: OpenAI and Anthropic from
 * variables of their own, the others from the providers file. Says of each what
 * it is priced as and what its models may be asked; keys are not in it.
 */
import { readProvidersFile, type ModelLimits, type ProviderEntry, type ProvidersFile } from "./providers-file.ts";

/** The environment's names, so that the parsed environment can be passed as it is. */
export interface ProvidersConfig {
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
  readonly ANTHROPIC_API_KEY?: string | undefined;
  readonly ANTHROPIC_BASE_URL?: string | undefined;
  readonly BREAKWATER_PROVIDERS_FILE?: string | undefined;
}

export interface ProviderBook {
  readonly entries: ReadonlyMap<string, ProviderEntry>;
  readonly knows: (provider: string) => boolean;
  /** The name that the price table knows it by; its own for one that is not configured. */
  readonly pricedAs: (provider: string) => string;
  /** Of one model, over all keys and processes; {} when nothing is said. */
  readonly limitsOf: (provider: string, model: string) => ModelLimits;
}

/** @throws ConfigError when there is a file and it is wrong. */
export function openProviderBook(config: ProvidersConfig): ProviderBook {
  const { BREAKWATER_PROVIDERS_FILE: file } = config;
  const entries = entriesOf(config, file === undefined ? {} : readProvidersFile(file));
  const limitsOf = (provider: string, model: string): ModelLimits => {
    const limits = entries.get(provider)?.limits ?? {};
    return (Object.hasOwn(limits, model) ? limits[model] : limits["*"]) ?? {};
  };
  return {
    entries,
    knows: (provider) => entries.has(provider),
    pricedAs: (provider) => entries.get(provider)?.pricedAs ?? provider,
    limitsOf,
  };
}

const noTerms = { limits: {}, agreements: [] };

function entriesOf(config: ProvidersConfig, { openai, anthropic, ...others }: ProvidersFile) {
  return new Map<string, ProviderEntry>([
    [
      "openai",
      {
        layout: "openai",
        baseUrl: config.OPENAI_BASE_URL ?? "https://api.openai.com/v1",
        ...(openai ?? noTerms),
        maxTokensField: "max_completion_tokens",
        structuredOutput: "json_schema",
        streamUsage: true,
      },
    ],
    [
      "anthropic",
      {
        layout: "anthropic",
        baseUrl: config.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com",
        ...(anthropic ?? noTerms),
      },
    ],
    ...Object.entries(others),
  ]);
}
