/** Opens content with the key service that the environment names: what every process that sees content begins with. */
import { readConfig, type Environment } from "../config.ts";
import { openEnvironmentKeys } from "../secrets/key-service.ts";
import type { Publish } from "../stage.ts";
import { openContentHasher } from "./content-hash.ts";
import { ContentKeys, type ContentKeysOptions } from "./content-keys.ts";
import { Contents } from "./contents.ts";

export interface ContentSurroundings extends Pick<ContentKeysOptions, "reader" | "logger"> {
  readonly producer: { readonly publish: Publish };
  readonly env: Environment;
}

/** Nothing is read before the first content of a data subject comes. Errors: ConfigError. */
export function openContents({ reader, producer, logger, env }: ContentSurroundings): Contents {
  const { BREAKWATER_SECRET_KEY: setting } = readConfig(["BREAKWATER_SECRET_KEY"], env);
  const service = setting === undefined ? null : openEnvironmentKeys(setting);
  const publish: Publish = (emissions) => producer.publish(emissions);
  const keys = new ContentKeys({ reader, publish, service, logger, nowMs: Date.now });
  return new Contents({ keys, hasher: openContentHasher(setting), nowMs: Date.now });
}
