/** The list of pages: a column at the side, on a phone behind a button. */
import { useEffect, useState } from "preact/hooks";
import { go, linkTo, usePlace } from "../navigation/place.ts";
import { useShortcuts } from "../navigation/shortcuts.ts";
import type { PageEntry } from "../pages.ts";

export function Navigation({ pages }: { readonly pages: readonly PageEntry[] }) {
  const { path } = usePlace();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  useShortcuts(
    pages.map(({ letter, title, path: to }) => ({ keys: `g ${letter}`, label: title, run: () => go(linkTo(to)) })),
  );
  return (
    <>
      <button
        type="button"
        class="menu-button"
        aria-expanded={isOpen}
        aria-controls="pages"
        onClick={() => setOpen(!isOpen)}
      >
        Menu
      </button>
      <nav id="pages" class={isOpen ? "is-open" : ""} aria-label="Pages">
        <ul>
          {pages.map(({ path: to, title }) => (
            <li key={to}>
              <a href={linkTo(to)} aria-current={isWithin(path, to) ? "page" : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

function isWithin(path: string, page: string): boolean {
  return path === page || (page !== "/" && path.startsWith(`${page}/`));
}
