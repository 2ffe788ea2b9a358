/**
 * ClickHouse's exceptions over HTTP: the number and text that the engine gives,
 * in the body and header a client expects, under the status a server would
 * choose for that number.
 */
import type { Refusal } from "./http-query.ts";

export interface ExceptionResponse {
  readonly status: number;
  readonly code: number;
  readonly body: string;
}

/** Status by error number, as ClickHouse 26 maps them; 500 for all others. */
const numbersByStatus: Readonly<Record<number, readonly number[]>> = {
  400: [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676],
  401: [194],
  403: [192, 193, 497, 512, 516],
  404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511],
  408: [159],
  413: [229],
  501: [48],
  503: [76, 209, 439],
};

const statusOf = new Map(
  Object.entries(numbersByStatus).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)),
);

/** `(version 26.7.2.1)` or `(version 26.7.2.1 (official build))`, at the very end. */
const engineVersion = /\(version [\w.]+(?: \([^()]*\))?\)\s*$/;

/** `thrown` is what the engine raised; its message starts with `Code: N. DB::Exception:`. */
export function exceptionResponse(thrown: unknown, version: string): ExceptionResponse {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const match = /Code:\s*(\d+)\.\s*DB::/.exec(message);
  const code = match === null ? 1001 : Number(match[1]);
  const text = match === null ? `Code: 1001. DB::Exception: ${message} (STD_EXCEPTION)` : message.trim();
  return { status: statusOf.get(code) ?? 500, code, body: withVersion(text, version) };
}

export function refusalResponse(refusal: Refusal, version: string): ExceptionResponse {
  const body = withVersion(`Code: ${refusal.code}. DB::Exception: ${refusal.message}. (${refusal.name})`, version);
  return { status: statusOf.get(refusal.code) ?? 500, code: refusal.code, body };
}

function withVersion(text: string, version: string): string {
  return engineVersion.test(text) ? `${text}\n` : `${text} (version ${version})\n`;
}
