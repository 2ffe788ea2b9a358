/** What stands around every page: name, navigation, who is logged in, colours, messages. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionView } from "../../gateway/console/session-routes.ts";
import { logOut } from "../data/session.ts";
import { useStore } from "../data/store.ts";
import { staleness } from "../data/staleness.ts";
import { useNow } from "../data/use-now.ts";
import { relative } from "../format/times.ts";
import { matchPage } from "../navigation/match-page.ts";
import { linkTo, usePlace } from "../navigation/place.ts";
import { useShortcuts } from "../navigation/shortcuts.ts";
import { pages } from "../pages.ts";
import { Empty } from "../parts/empty.tsx";
import { Navigation } from "./navigation.tsx";
import { PageView } from "./page-view.tsx";
import { ShortcutsHelp } from "./shortcuts-help.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import { Toasts } from "./toasts.tsx";

export function Frame({ view: { client_id, scopes } }: { readonly view: SessionView }) {
  const mine = pages.filter(({ scope }) => scopes[scope]);
  const listed = mine.filter(({ letter }) => letter !== undefined);
  const { path } = usePlace();
  // Who may only review starts where there is something to do.
  const matched = matchPage(mine, path) ?? (path === "/" ? matchPage(listed, listed[0]?.path ?? "") : null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const main = useFocusOn(path);
  useEffect(() => {
    document.title = `${matched?.page.title ?? "Not found"} · Breakwater`;
  }, [matched?.page.title]);
  useShortcuts([{ keys: "?", label: "These shortcuts", run: () => setHelpOpen(true) }]);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="side">
        <a class="brand" href={linkTo("/")}>
          Breakwater
        </a>
        <Navigation pages={listed} />
        <div class="side-foot">
          <ThemeSwitch />
          <button type="button" class="plain" onClick={() => setHelpOpen(true)}>
            Shortcuts <kbd>?</kbd>
          </button>
          <button type="button" class="plain" onClick={() => void logOut()}>
            Log out {client_id}
          </button>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {matched === null ? <NotFound /> : <PageView page={matched.page} params={matched.params} />}
      </main>
      <Outdated />
      <Toasts />
      {isHelpOpen ? <ShortcutsHelp onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

/** A new page is read from its top, by eye and by ear. */
function useFocusOn(path: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
  return main;
}

function NotFound() {
  return (
    <Empty title="There is no such page, or not for your key." isPage>
      <a href={linkTo("/")}>To the start</a>
    </Empty>
  );
}

/** Says that what is shown is old, and how old. */
function Outdated() {
  const stale = useStore(staleness);
  const nowMs = useNow();
  if (stale === null) return <p class="outdated" role="status" />;
  const { sinceMs, isReached } = stale;
  return (
    <p class="outdated is-shown" role="status">
      {isReached ? "Some of this page could not be brought up to date." : "The gateway does not answer."}{" "}
      {sinceMs === null ? "" : `What is shown is from ${relative(sinceMs, nowMs)}.`} The console tries again by itself.
    </p>
  );
}
