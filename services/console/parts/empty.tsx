/** Where there is nothing to show: why, and what to do next. */
import type { ComponentChildren } from "preact";

interface EmptyProps {
  readonly title: string;
  /** What to do next. */
  readonly children?: ComponentChildren;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children === undefined ? null : <div class="quiet">{children}</div>}
    </div>
  );
}
