/** Where there is nothing to show: why, and what to do next. */
import type { ComponentChildren } from "preact";

interface EmptyProps {
  readonly title: string;
  /** It stands in the place of the whole page: its title is the page's. */
  readonly isPage?: boolean;
  /** What to do next. */
  readonly children?: ComponentChildren;
}

export function Empty({ title, isPage = false, children }: EmptyProps) {
  return (
    <div class="empty">
      {isPage ? <h1 class="empty-title">{title}</h1> : <p class="empty-title">{title}</p>}
      {children === undefined ? null : <div class="quiet">{children}</div>}
    </div>
  );
}
