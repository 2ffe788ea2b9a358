/**
 * Requests to the gateway that served this page, with its session's cookie.
 * The type of an answer is the one that the route's own schema infers: pages
 * take it by `import type` from services/, so the two cannot diverge.
 */
import { createStore } from "./store.ts";

/** A request that failed, in the gateway's words; `status` 0: the gateway was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

/** Counts answers of 401: the session is over. */
export const unauthorizedAnswers = createStore(0);

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request("GET", path, signal === undefined ? {} : { signal });
}

/** `body` is sent as JSON. An answer without a body is null. */
export function send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return request(method, path, body === undefined ? {} : json);
}

async function request<T>(method: string, path: string, more: RequestInit): Promise<T> {
  const response = await fetch(path, { method, cache: "no-store", ...more }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The gateway does not answer.");
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text === "" ? "null" : text);
  if (response.status === 401) unauthorizedAnswers.set(unauthorizedAnswers.get() + 1);
  throw errorOf(response.status, text);
}

function errorOf(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text);
    return new ApiError(status, String(error.code), String(error.message));
  } catch {
    return new ApiError(status, "unknown", `The gateway answered ${status}.`);
  }
}
