/**
 * The pages of the console, in the order of the navigation. To add one: a
 * folder `pages/<name>/` with a file that exports a component `Page`, and an
 * entry here; it is loaded when somebody opens it. A page asks routes of the
 * gateway with `useLive` and `send` (data/), keeps what a link should keep in
 * the address with `useQuery` (navigation/place.ts), and is made of parts/:
 * Table, Badge, Dialog, Money, Time, Skeleton, Empty, Failed. Its test stands
 * in test/browser/console and opens it with `openConsole`.
 */
import type { ComponentType } from "preact";

export interface PageProps {
  /** The parts of the address that `path` names: `id` of `/runs/:id`. */
  readonly params: Readonly<Record<string, string>>;
}

export interface PageEntry {
  /** Below /console, as in `/runs/:id`. */
  readonly path: string;
  readonly title: string;
  /** Its letter after `g`. Pages without one are reached from others and do not stand in the navigation. */
  readonly letter?: string;
  /** Who sees it: somebody with this scope. */
  readonly scope: "admin" | "review";
  readonly load: () => Promise<{ readonly Page: ComponentType<PageProps> }>;
}

export const pages: readonly PageEntry[] = [
  {
    path: "/",
    title: "Overview",
    letter: "o",
    scope: "admin",
    load: () => import("./pages/overview/overview-page.tsx"),
  },
  {
    path: "/costs",
    title: "Costs",
    letter: "c",
    scope: "admin",
    load: () => import("./pages/costs/costs-page.tsx"),
  },
  {
    path: "/runs",
    title: "Runs",
    letter: "r",
    scope: "admin",
    load: () => import("./pages/runs/runs-page.tsx"),
  },
  {
    path: "/runs/:id",
    title: "Run",
    scope: "admin",
    load: () => import("./pages/run/run-page.tsx"),
  },
  {
    path: "/reviews",
    title: "Reviews",
    letter: "v",
    scope: "review",
    load: () => import("./pages/reviews/reviews-page.tsx"),
  },
  {
    path: "/batches",
    title: "Batches",
    letter: "b",
    scope: "admin",
    load: () => import("./pages/batches/batches-page.tsx"),
  },
  {
    path: "/batches/:id",
    title: "Batch",
    scope: "admin",
    load: () => import("./pages/batches/batch-page.tsx"),
  },
  {
    path: "/dead-letters",
    title: "Dead letters",
    letter: "d",
    scope: "admin",
    load: () => import("./pages/dead-letters/groups-page.tsx"),
  },
  {
    path: "/dead-letters/groups/:group",
    title: "Dead letters of one cause",
    scope: "admin",
    load: () => import("./pages/dead-letters/group-page.tsx"),
  },
  {
    path: "/dead-letters/:topic/:partition/:offset",
    title: "Dead letter",
    scope: "admin",
    load: () => import("./pages/dead-letters/letter-page.tsx"),
  },
  {
    path: "/harnesses",
    title: "Harnesses",
    letter: "n",
    scope: "admin",
    load: () => import("./pages/harnesses/harnesses-page.tsx"),
  },
  {
    path: "/harnesses/:name",
    title: "Harness",
    scope: "admin",
    load: () => import("./pages/harnesses/harness-page.tsx"),
  },
  {
    path: "/audit",
    title: "Audit",
    letter: "a",
    scope: "admin",
    load: () => import("./pages/audit/audit-page.tsx"),
  },
  {
    path: "/health",
    title: "Health",
    letter: "h",
    scope: "admin",
    load: () => import("./pages/health/health-page.tsx"),
  },
];
