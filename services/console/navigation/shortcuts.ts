/**
 * Keyboard shortcuts: single keys (`j`, `?`) and two in a row (`g c`). A
 * component declares those that hold while it is there; the help lists them.
 * None acts while somebody types, with Ctrl, Alt or Meta held, or below an open dialog.
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import { createStore } from "../data/store.ts";

export interface Shortcut {
  /** As `event.key` says it, two separated by a space. */
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
}

/** All that hold now, in the order in which they were declared. */
export const shortcuts = createStore<readonly Shortcut[]>([]);

/** `run` may differ from one rendering to the next. */
export function useShortcuts(declared: readonly Shortcut[]): void {
  const latest = useRef(declared);
  latest.current = declared;
  const names = declared.map(({ keys, label }) => `${keys}\n${label}`).join("\n\n");
  // Before anything is painted: a key holds as soon as what it does can be seen.
  useLayoutEffect(() => {
    const mine = latest.current.map(({ keys, label }, index): Shortcut => ({
      keys,
      label,
      run: () => latest.current[index]?.run(),
    }));
    shortcuts.set([...shortcuts.get(), ...mine]);
    return () => shortcuts.set(shortcuts.get().filter((shortcut) => !mine.includes(shortcut)));
  }, [names]);
}

const patienceMs = 1500;
let first = { key: "", atMs: 0 };

/** Called once. */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const before = event.timeStamp - first.atMs < patienceMs ? first.key : "";
    first = { key: event.key, atMs: event.timeStamp };
    // The one that was declared last: a page's own hold before the frame's.
    const found = shortcuts.get().findLast(({ keys }) => keys === `${before} ${event.key}` || keys === event.key);
    if (found === undefined) return;
    event.preventDefault();
    first = { key: "", atMs: 0 };
    found.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
