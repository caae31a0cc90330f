// For tests: Chromium with one window for a whole file, and what is asked of every page.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type BrowserContext, chromium, type FrameLocator, type Page } from "playwright-core";
import { isWholeRun, until } from "../testing.ts";

const chromiumPath = process.env.BURSAR_CHROMIUM ?? "/usr/bin/chromium";
// What a page costs beside itself. Chromium draws its own interface even where nobody sees it: a list of the address
// bar that it prepares for every tab, and a process kept for the next page. In a sample all pages of a file share one.
const unwanted = [
  "PreloadTopChromeWebUI",
  "SpareRendererForSitePerProcess",
  "TabHoverCardImages",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "WebUIOmniboxPopup",
];
// Of two lists Chromium takes the last, so this one has Playwright's names too, where they say what a page may do.
const asPlaywrightHasIt = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "MediaRouter",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];
const chromiumArgs = [
  `--disable-features=${[...asPlaywrightHasIt, ...unwanted].join(",")}`,
  ...(isWholeRun ? [] : ["--renderer-process-limit=1", "--disable-site-isolation-trials"]),
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why the browser tests cannot run here; false when they can. */
export const noBrowser: string | false = existsSync(chromiumPath) ? false : `no Chromium at ${chromiumPath}`;

const phone = 390;
const desk = 1280;
export const widths = [phone, desk] as const;

export interface TestBrowser {
  /** A new tab of the one window: a window of its own costs as much as three tabs. It has no cookies at first. */
  openPage(look?: { readonly width?: number; readonly isDark?: boolean }): Promise<Page>;
  /** A window of somebody else, who shares no cookie. */
  openWindow(): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArgs });
  const openWindow = async () => {
    const context = await browser.newContext({ locale: "en-US" });
    context.setDefaultTimeout(15_000);
    return context;
  };
  const window = await openWindow();
  await window.newPage(); // keeps the window when a test closes its tab
  return {
    openWindow,
    async openPage({ width = desk, isDark = false } = {}) {
      await window.clearCookies();
      const page = await window.newPage();
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
      return page;
    },
    close: () => browser.close(),
  };
}

/** The card's fields, as Stripe.js and its stand-in frame them. */
export function fieldsOf(page: Page): FrameLocator {
  return page.frameLocator('iframe[name^="__privateStripeFrame"][title*="input frame"]').first();
}

export async function fillCard(page: Page, cardNumber: string): Promise<void> {
  const fields = fieldsOf(page);
  await fields.getByLabel("Card number").fill(cardNumber);
  await fields.getByLabel("Expiration date").fill("12/34");
  await fields.getByLabel("Security code").fill("123");
  await fields.getByLabel("ZIP code").fill("94107");
}

/** The bank's question, in its frame above the page. */
export function challengeOf(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="3D Secure authentication"]');
}

/**
 * Waits until the page's own state says so. It is asked anew each time: Playwright's waitForFunction evaluates a string
 * within the page, which a page with a strict policy of its content refuses from the second time on.
 */
export async function untilPageSays(page: Page, expression: string): Promise<void> {
  await until(`the page to say ${expression}`, async () => Boolean(await page.evaluate(expression)), { pauseMs: 20 });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeWindow {
  axe?: {
    run(options: object): Promise<{ violations: { id: string; impact: string | null; nodes: { html: string }[] }[] }>;
  };
}

/** Serious findings of axe-core in the page and in each of its frames. */
export function seriousFindings(page: Page): Promise<string[]> {
  return findings(page, (impact) => impact === "serious" || impact === "critical");
}

/** Whatever axe-core finds, down to what it calls minor. */
export function allFindings(page: Page): Promise<string[]> {
  return findings(page, () => true);
}

async function findings(page: Page, counts: (impact: string | null) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const frame of page.frames()) {
    if (!(await frame.evaluate("'axe' in globalThis"))) await frame.evaluate(axeSource);
    const result = await frame.evaluate(() =>
      // Each frame is asked by itself: axe would wait for those that have not been told of it.
      (globalThis as unknown as AxeWindow).axe?.run({ iframes: false, preload: false, resultTypes: ["violations"] }),
    );
    assert.ok(result, "axe has run");
    for (const { id, impact, nodes } of result.violations) {
      if (counts(impact)) found.push(`${id}: ${nodes.map(({ html }) => html)}`);
    }
  }
  return found;
}

/**
 * As on a phone and as on a desk: nothing beyond the edge, nothing serious, a title and a language. axe-core looks at
 * both widths in a whole run, else at one page of three, as on a phone. With a name, pictures may be kept of it.
 */
export async function assertGoodAtBothWidths(page: Page, name = ""): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    if (name) await keepPicture(page, `${name}-${width}`);
    await assertFits(page);
    if (isWholeRun || width === phone) await assertNothingSerious(page);
  }
}

/** What `assertGoodAtBothWidths` asks, at the width and in the colours that the page has. */
export async function assertGood(page: Page): Promise<void> {
  await assertFits(page);
  await assertNothingSerious(page);
}

/** axe-core works longer than all else that is asked of a page. In a sample it looks at the same third each time. */
async function assertNothingSerious(page: Page): Promise<void> {
  const kind = (await page.title()).replace(/\w*\d\w*/g, "");
  const [chance = 0] = createHash("sha256").update(kind).digest();
  if (isWholeRun || chance % 3 === 0) assert.deepEqual(await seriousFindings(page), []);
}

async function assertFits(page: Page): Promise<void> {
  const hidden = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.equal(hidden, 0, `${page.url()} is wider than the screen`);
  assert.equal(await page.evaluate("document.documentElement.lang"), "en");
  assert.match(await page.title(), /./);
}

const pictures = process.env.BURSAR_SCREENSHOTS;

/** Keeps a picture of the page where `BURSAR_SCREENSHOTS=<folder>` says. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
}
