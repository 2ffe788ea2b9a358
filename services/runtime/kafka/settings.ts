/**
 * How to reach Kafka, from the environment: addresses, TLS, SASL. Refuses what
 * cannot work (a mechanism without a user, a certificate file that is not
 * there) with one sentence that names the variable.
 */
import { readFileSync } from "node:fs";
import type { z } from "zod";
import { ConfigError } from "../errors.ts";
import type { variables } from "../variables.ts";

export const kafkaVariables = [
  "KAFKA_BROKERS",
  "KAFKA_TLS",
  "KAFKA_TLS_CA_FILE",
  "KAFKA_SASL_MECHANISM",
  "KAFKA_SASL_USERNAME",
  "KAFKA_SASL_PASSWORD",
] as const;

export type KafkaConfig = { readonly [Name in (typeof kafkaVariables)[number]]?: z.output<(typeof variables)[Name]> };

export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** null: plain TCP. */
  readonly tls: { readonly ca: string | null } | null;
  readonly sasl: SaslSettings | null;
}

export interface SaslSettings {
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  readonly password: string;
}

export function kafkaSettings(config: KafkaConfig): KafkaSettings {
  if (config.KAFKA_BROKERS === undefined || config.KAFKA_BROKERS.length === 0)
    throw new ConfigError("KAFKA_BROKERS is not set");
  return { brokers: config.KAFKA_BROKERS, tls: tlsSettings(config), sasl: saslSettings(config) };
}

/** Settings of a broker without TLS and SASL, such as the embedded one. */
export function plainKafkaSettings(brokers: string): KafkaSettings {
  return { brokers: brokers.split(","), tls: null, sasl: null };
}

function tlsSettings(config: KafkaConfig): KafkaSettings["tls"] {
  const file = config.KAFKA_TLS_CA_FILE;
  if (config.KAFKA_TLS !== true) {
    if (file !== undefined) throw new ConfigError("KAFKA_TLS_CA_FILE is set but KAFKA_TLS is not true");
    return null;
  }
  return { ca: file === undefined ? null : readCertificate(file) };
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConfigError(`KAFKA_TLS_CA_FILE: cannot read ${file}`);
  }
}

function saslSettings(config: KafkaConfig): SaslSettings | null {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (mechanism === undefined) {
    if (username !== undefined || password !== undefined)
      throw new ConfigError("KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD is set but KAFKA_SASL_MECHANISM is not");
    return null;
  }
  if (username === undefined || password === undefined)
    throw new ConfigError("KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD");
  return { mechanism, username, password };
}
