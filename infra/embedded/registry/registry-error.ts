/**
 * What the registry refuses, with the Confluent API's own codes: clients tell
 * the cases apart by `error_code`.
 */

const statuses = {
  40401: 404,
  40402: 404,
  40403: 404,
  40408: 404,
  404: 404,
  409: 409,
  42201: 422,
  42202: 422,
  42203: 422,
  50001: 500,
} as const;

export type RegistryErrorCode = keyof typeof statuses;

export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly status: number;
  constructor(code: RegistryErrorCode, message: string) {
    super(message);
    this.name = "RegistryError";
    this.code = code;
    this.status = statuses[code];
  }
}
