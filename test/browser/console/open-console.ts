/**
 * The console in a real Chromium, served by a gateway in this process: the page
 * is built once when it is stale, the gateway's parts are in memory but for
 * those that a test gives, and somebody is logged in. Whatever the page logs as
 * an error, whatever its content policy stops and every failure in it fails
 * `assertSound`, and so do findings of axe, a layout that shifts and a page
 * that is wider than the window.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Page, type Route } from "playwright-core";
import { z } from "zod";
import { buildConsole } from "../../../services/console/build.ts";
import type { GatewayParts } from "../../../services/gateway/gateway-routes.ts";
import { gatewayInMemory, type MemoryGateway } from "../../support/gateway-in-memory.ts";
import { chromiumFlags, chromiumPath } from "../browser.ts";

export interface ConsoleOptions {
  /** Of the gateway; the rest answers with nothing. */
  readonly parts?: Partial<GatewayParts>;
  /** The key to log in with, null for nobody; an admin's when absent. */
  readonly key?: string | null;
}

export interface OpenConsole {
  readonly page: Page;
  readonly gateway: MemoryGateway;
  readonly url: string;
  /** Opens a page of the console by its path, as in `/runs`, and waits until it is at rest. */
  readonly visit: (path: string) => Promise<void>;
  /** Loads the page anew with these colours and this width. */
  readonly look: (look: Look) => Promise<void>;
  /** The page as it is now: nothing failed, nothing shifted, nothing for axe to find. */
  readonly assertSound: (allowed?: Allowed) => Promise<void>;
  /** Into artifacts/screenshots/. */
  readonly screenshot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Allowed {
  /** Logged errors that belong to what the test is about. */
  readonly but?: RegExp;
}

export interface Look {
  readonly colours: "light" | "dark";
  readonly width: number;
}

/** What every page is looked at in. */
export const looks: readonly Look[] = [
  { colours: "light", width: 1280 },
  { colours: "dark", width: 1280 },
  { colours: "light", width: 390 },
];

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const axeFindings = z.object({
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});
const screenshots = path.resolve(import.meta.dirname, "../../../artifacts/screenshots");
/** Far beyond what a slow machine needs; what never happens fails then. */
const patienceMs = 20_000;
const mostShift = 0.02;
/** Before an answer of the gateway arrives: the page is drawn without it first, on a quick machine too. */
const lateMs = 100;
const witness = `
  window.shifted = 0;
  window.movers = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      window.shifted += value;
      for (const { node, previousRect: from, currentRect: to } of sources)
        window.movers.push(\`\${node?.outerHTML?.slice(0, 80) ?? "text"} from \${from.y} to \${to.y}\`);
    }
  }).observe({ type: "layout-shift", buffered: true });
`;

export async function openConsole({ parts = {}, key = "admin" }: ConsoleOptions = {}): Promise<OpenConsole> {
  assert.notEqual(await buildConsole(), "no Vite here");
  const gateway = gatewayInMemory({ nowMs: Date.now, ...parts });
  const url = await gateway.server.listen({ port: 0, host: "127.0.0.1" });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumFlags] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(patienceMs);
  await page.addInitScript(witness);
  await page.route(/\/v1\//, comeLate);
  const problems = watch(page);
  const visit = async (to: string): Promise<void> => {
    await page.goto(`${url}/console${to}`);
    await atRest(page);
  };
  if (key === null) await visit("/");
  else await logIn(page, `${url}/console/`, key);
  problems.length = 0;
  return {
    page,
    gateway,
    url,
    visit,
    look: async ({ colours, width }) => {
      await page.emulateMedia({ colorScheme: colours });
      await page.setViewportSize({ width, height: 860 });
      await page.reload();
      await atRest(page);
    },
    assertSound: ({ but } = {}) =>
      assertSound(page, but === undefined ? problems : problems.filter((problem) => !but.test(problem))),
    screenshot: async (name) => {
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: path.join(screenshots, `console-${name}.png`), fullPage: true });
    },
    close: async () => {
      await browser.close();
      await gateway.server.close();
    },
  };
}

/** A page may be left before its answers are there. */
async function comeLate(route: Route): Promise<void> {
  await sleep(lateMs);
  await route.continue().catch(() => undefined);
}

/** Whatever the page logs as an error, policy violations among it, and throws. */
function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  return problems;
}

async function logIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Key").fill(key);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("navigation").waitFor({ state: "attached" });
  await atRest(page);
}

/** Everything that was asked for is there and shown. */
async function atRest(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.locator("body > *").first().waitFor({ state: "attached" });
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}

async function assertSound(page: Page, problems: readonly string[]): Promise<void> {
  assert.deepEqual(problems, []);
  const shifted = z.number().parse(await page.evaluate("window.shifted"));
  const movers = z.array(z.string()).parse(await page.evaluate("window.movers"));
  assert.ok(shifted < mostShift, `the layout shifted by ${shifted}: ${movers.join(" | ")}`);
  const over = z.number().parse(await page.evaluate("document.documentElement.scrollWidth - innerWidth"));
  assert.ok(over <= 0, `the page is ${over} px wider than the window`);
  await page.evaluate(axeSource);
  const { violations } = axeFindings.parse(await page.evaluate("axe.run(document, { resultTypes: ['violations'] })"));
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
    [],
  );
}
