/** Says that something was done or failed, below, for some seconds, and to who does not see it at once. */
import { createStore, useStore } from "../data/store.ts";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "good" | "bad";
}

const shownMs = 6000;
const toasts = createStore<readonly Toast[]>([]);
let count = 0;

/** Text only; what failed stays until it is closed by the next. */
export function notify(text: string, tone: Toast["tone"] = "good"): void {
  count += 1;
  const toast: Toast = { id: count, text, tone };
  toasts.set([...toasts.get().filter((one) => one.tone === "good"), toast]);
  if (tone === "good") setTimeout(() => toasts.set(toasts.get().filter((one) => one !== toast)), shownMs);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <p key={id} class={`toast toast-${tone}`}>
          {text}
        </p>
      ))}
    </div>
  );
}
