/** The page that the address names: fetched when it is first opened, its place held until it is there. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Matched } from "../navigation/match-page.ts";
import type { PageEntry, PageProps } from "../pages.ts";
import { Skeleton } from "../parts/skeleton.tsx";
import { Caught } from "./caught.tsx";

interface Loaded {
  readonly entry: PageEntry;
  /** Null when it could not be fetched. */
  readonly Page: ComponentType<PageProps> | null;
}

export function PageView({ page, params }: Matched<PageEntry>) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    let isOver = false;
    const load = async (): Promise<void> => {
      const part = await page.load().catch(() => null);
      if (!isOver) setLoaded({ entry: page, Page: part?.Page ?? null });
    };
    void load();
    return () => {
      isOver = true;
    };
  }, [page]);
  if (loaded?.entry !== page) return <Skeleton lines={6} />;
  const { Page } = loaded;
  if (Page === null) return <NotFetched />;
  // Keyed by where it stands, so that one run's state is never another's.
  return (
    <Caught key={page.path}>
      <Page key={Object.values(params).join("/")} params={params} />
    </Caught>
  );
}

function NotFetched() {
  return (
    <div class="failed" role="alert">
      <p>This page could not be fetched. After an update of the gateway, the console must be loaded anew.</p>
      <button type="button" onClick={() => location.reload()}>
        Load it anew
      </button>
    </div>
  );
}
