/** Who is logged in. The key goes to the gateway once and is kept nowhere in the browser. */
import type { SessionView } from "../../gateway/console/session-routes.ts";
import { ApiError, get, send, unauthorizedAnswers } from "./api.ts";
import { createStore } from "./store.ts";

export type Session =
  | { readonly kind: "unknown" }
  | { readonly kind: "out" }
  | { readonly kind: "in"; readonly view: SessionView };

export const session = createStore<Session>({ kind: "unknown" });

const place = "/console/session";

/** Asks whether the browser holds a session. Errors: ApiError when the gateway cannot say. */
export async function findSession(): Promise<void> {
  try {
    session.set({ kind: "in", view: await get<SessionView>(place) });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    session.set({ kind: "out" });
  }
}

/** Errors: ApiError, 401 for a key that does not open the console. */
export async function logIn(key: string): Promise<void> {
  session.set({ kind: "in", view: await send<SessionView>("POST", place, { key }) });
}

export async function logOut(): Promise<void> {
  await send<null>("DELETE", place).catch(() => undefined);
  session.set({ kind: "out" });
}

unauthorizedAnswers.subscribe(() => session.set({ kind: "out" }));
