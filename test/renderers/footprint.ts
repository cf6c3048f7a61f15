import type { Page } from "playwright-core";

/** What the page's global objects hold: elements, and listeners by object. Views must leave it as they found it. */
export async function footprint(page: Page): Promise<Record<string, number>> {
  const cdp = await page.context().newCDPSession(page);
  const listeners = async (expression: string) => {
    const { result } = await cdp.send("Runtime.evaluate", { expression });
    const found = await cdp.send("DOMDebugger.getEventListeners", { objectId: result.objectId! });
    return found.listeners.length;
  };
  const counts = {
    elements: await page.evaluate(() => document.querySelectorAll("*").length),
    sheets: await page.evaluate(() => document.adoptedStyleSheets.length),
    window: await listeners("window"),
    document: await listeners("document"),
    root: await listeners("document.documentElement"),
    body: await listeners("document.body"),
  };
  await cdp.detach();
  return counts;
}
