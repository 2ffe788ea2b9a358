/** The time, for what says how long ago something was: one timer for the whole page. */
import { createStore, useStore } from "./store.ts";

const tickMs = 5000;
const clock = createStore(Date.now());
setInterval(() => clock.set(Date.now()), tickMs);

/** Unix milliseconds, up to 5 s old. */
export function useNow(): number {
  return useStore(clock);
}
