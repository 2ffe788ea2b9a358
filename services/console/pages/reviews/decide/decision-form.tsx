/** The form of a decision: Escape leaves it, Ctrl+Enter gives it from anywhere within. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DecisionFormProps {
  readonly class: string;
  readonly onGive: () => void;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}

export function DecisionForm({ class: className, onGive, onLeave, children }: DecisionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const latest = useRef(onLeave);
  latest.current = onLeave;
  useLayoutEffect(() => {
    const { current } = form;
    const onKey = ({ key, ctrlKey, metaKey }: KeyboardEvent): void => {
      if (key === "Escape") latest.current();
      if (key === "Enter" && (ctrlKey || metaKey)) current?.requestSubmit();
    };
    current?.addEventListener("keydown", onKey);
    current?.querySelector<HTMLElement>("textarea, input")?.focus();
    return () => current?.removeEventListener("keydown", onKey);
  }, []);
  return (
    <form
      ref={form}
      class={className}
      onSubmit={(event) => {
        event.preventDefault();
        onGive();
      }}
    >
      {children}
    </form>
  );
}
