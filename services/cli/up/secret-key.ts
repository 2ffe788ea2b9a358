/**
 * Which key the stages of `up` get for hashed and pseudonymised personal data:
 * the environment's, or one that belongs to the embedded system's home. Beside
 * a Kafka of one's own none is made: other machines run stages there too, and
 * all of them must have the same.
 */
import type { Environment } from "../../runtime/config.ts";
import { keepKey, keyFile } from "../../runtime/secrets/key-file.ts";
import { hasSecret } from "../../runtime/process/secret-setting.ts";

export type SecretKeySource =
  | { readonly kind: "given" }
  | { readonly kind: "kept"; readonly key: string; readonly file: string }
  | { readonly kind: "none" };

interface Surroundings {
  /** Absolute path of BREAKWATER_HOME. */
  readonly home: string;
  readonly env: Environment;
  /** Whether Kafka is ours. */
  readonly embedded: boolean;
}

/** Makes the key of a home at its first start. @throws Error when its file holds no key. */
export function secretKeyFor({ home, env, embedded }: Surroundings): SecretKeySource {
  if (hasSecret("BREAKWATER_SECRET_KEY", env)) return { kind: "given" };
  return embedded
    ? { kind: "kept", key: keepKey(home, "secret-key"), file: keyFile(home, "secret-key") }
    : { kind: "none" };
}

/** What the stages' environment needs beside the given one. */
export function secretKeyVariables(source: SecretKeySource): Readonly<Record<string, string>> {
  return source.kind === "kept" ? { BREAKWATER_SECRET_KEY: source.key } : {};
}

/** What audit-seal's environment alone needs beside that: its signing key. @throws Error when the key's file holds none. */
export function auditKeyVariables({ home, env, embedded }: Surroundings): Readonly<Record<string, string>> {
  return hasSecret("BREAKWATER_AUDIT_KEY", env) || !embedded
    ? {}
    : { BREAKWATER_AUDIT_KEY: keepKey(home, "audit-key") };
}

/** A line for people; never the key. */
export function describeSecretKey(source: SecretKeySource): string {
  const title = "Secret key".padEnd(16);
  switch (source.kind) {
    case "given":
      return `${title} from BREAKWATER_SECRET_KEY`;
    case "kept":
      return `${title} ${source.file}; set BREAKWATER_SECRET_KEY to use yours`;
    case "none":
      return `${title} none; set BREAKWATER_SECRET_KEY for harnesses that hash or pseudonymise personal data`;
  }
}
