/** A logger for tests that says nothing. */
import type { KafkaLogger } from "../../services/runtime/kafka/client.ts";

export const silentLogger: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
