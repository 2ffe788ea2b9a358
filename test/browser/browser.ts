/**
 * A real Chromium that shows pages and says what happened in them: what tried to
 * run, what was asked for over the network (all of it is noted and nothing sent),
 * and how the cases on the page look to the browser.
 */
import { existsSync, readFileSync } from "node:fs";
import { chromium, type Browser, type Page, type Route } from "playwright-core";
import { z } from "zod";

const told = z.object({
  seen: z.array(z.string()),
  strays: z.number(),
  cases: z.array(
    z.object({ text: z.string(), elements: z.array(z.string()), protocols: z.array(z.string()), value: z.string() }),
  ),
});

export type Case = z.infer<typeof told>["cases"][number];

export interface Visit extends z.infer<typeof told> {
  /** Addresses asked for but the page itself, frames and other pages included. */
  readonly requests: readonly string[];
}

/** Reports all that is not plain content, and forbids nothing. */
const policy = "default-src 'none'; script-src 'none'; form-action 'none'; base-uri 'none'";
const witness = readFileSync(new URL("witness.js", import.meta.url), "utf8");
export const chromiumFlags: readonly string[] =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );
const host = "http://page.test/";

export class RealBrowser {
  private readonly chromium: Browser;
  private readonly page: Page;
  private address = host;
  private body = "";
  private visits = 0;
  private requests: string[] = [];

  private constructor(browser: Browser, page: Page) {
    this.chromium = browser;
    this.page = page;
  }

  static async open(): Promise<RealBrowser> {
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumFlags] });
    const context = await browser.newContext({ serviceWorkers: "block" });
    await context.addInitScript(witness);
    const page = await context.newPage();
    const opened = new RealBrowser(browser, page);
    await context.route("**", (route) => opened.answer(route));
    // What a page opens besides itself is a request too: none of them is kept.
    context.on("page", (other) => void other.close());
    page.on("dialog", (dialog) => {
      opened.requests.push(`dialog ${dialog.type()}`);
      void dialog.dismiss();
    });
    return opened;
  }

  /** Shows a body of HTML. With `texts`, each becomes the text content of one case. */
  async visit(body: string, texts: readonly string[] = []): Promise<Visit> {
    this.visits++;
    this.address = `${host}${this.visits}`;
    this.body = body;
    this.requests = [];
    await this.page.goto(this.address, { waitUntil: "load", timeout: 20_000 }).catch(() => null);
    if (texts.length > 0) await this.page.evaluate(`witness.fill(${JSON.stringify(texts)})`);
    // What tries to load is reported a moment later.
    await this.page.waitForTimeout(50);
    const seen = await this.tell();
    const left = this.page.url() === this.address ? [] : [`left for ${this.page.url()}`];
    return { ...seen, requests: [...this.requests, ...left] };
  }

  async close(): Promise<void> {
    await this.chromium.close();
  }

  /** The page itself is answered, once; all else is noted and goes nowhere. */
  private async answer(route: Route): Promise<void> {
    const url = route.request().url();
    if (url !== this.address) {
      this.requests.push(url);
      return route.abort();
    }
    return route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy-report-only": policy },
      body: `<!doctype html><meta charset="utf-8"><title>page</title><body>${this.body}`,
    });
  }

  /** A page that was left, or never came to rest, tells nothing; where it went stands among the requests. */
  private async tell(): Promise<z.infer<typeof told>> {
    try {
      return told.parse(await this.page.evaluate("witness.tell()"));
    } catch {
      return { seen: ["the page does not answer"], strays: 0, cases: [] };
    }
  }
}

export function chromiumPath(): string {
  const usual = ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`);
  const found = [process.env["CHROMIUM_PATH"] ?? "", ...usual].find((file) => file !== "" && existsSync(file));
  if (found === undefined) {
    throw new Error("no Chromium: install it (on Debian `apt-get install chromium`) or name it in CHROMIUM_PATH");
  }
  return found;
}
