/**
 * Where the page is: the address below /console is the only state that a
 * reload or a sent link keeps, so filters and tabs stand in its query. Clicks
 * on links to the console go here without loading anything anew.
 */
import { useCallback } from "preact/hooks";
import { createStore, useStore } from "../data/store.ts";

export interface Place {
  /** Below /console: `/` or `/runs/0198c5a0`, never with a slash at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const root = "/console";

function placeOf({ pathname, search }: Pick<Location, "pathname" | "search">): Place {
  const below = pathname.slice(root.length).replace(/\/+$/, "");
  return { path: below === "" ? "/" : below, query: new URLSearchParams(search) };
}

const place = createStore<Place>(placeOf(location));

export function usePlace(): Place {
  return useStore(place);
}

/** For `href`: `linkTo("/runs", { client: "acme" })`. Values that are null or empty are left out. */
export function linkTo(path: string, query: Readonly<Record<string, string | null | undefined>> = {}): string {
  const kept = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const search = new URLSearchParams(kept).toString();
  return `${root}${path === "/" ? "/" : path}${search === "" ? "" : `?${search}`}`;
}

/** `href` as `linkTo` makes it. `replace` for changes that the back button should not stop at. */
export function go(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  place.set(placeOf(location));
}

/** One value in the address' query, null when absent, and what changes it without a new entry in the history. */
export function useQuery(name: string): readonly [string | null, (value: string | null) => void] {
  const { query } = usePlace();
  const change = useCallback(
    (value: string | null) => {
      const { path, query: present } = place.get();
      go(linkTo(path, { ...Object.fromEntries(present), [name]: value }), { replace: true });
    },
    [name],
  );
  return [query.get(name), change];
}

/** Follows the browser's buttons, and links to the console. Called once. */
export function followPlace(): void {
  addEventListener("popstate", () => place.set(placeOf(location)));
  addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || link.target !== "" || link.hasAttribute("download") || !isOurs(link)) return;
    event.preventDefault();
    go(`${link.pathname}${link.search}`);
  });
}

function isOurs({ origin, pathname, hash }: HTMLAnchorElement): boolean {
  return origin === location.origin && hash === "" && (pathname === root || pathname.startsWith(`${root}/`));
}
