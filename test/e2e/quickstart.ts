import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";
import type { CodeServer } from "./code-server.ts";
import { NotebookPage } from "./notebook-page.ts";
import { poll } from "./poll.ts";

const SECONDS = 200;
const TOGGLE = "Preferences: Toggle between Light/Dark Themes";
/** Turns of the wheel from the top of the notebook to its end, and some more. */
const TURNS = 80;

/** Opens the quickstart by its command, runs all of it, and keeps pictures of contact sheet, diff and plot in each theme. */
export async function runQuickstart(server: CodeServer, browser: Browser, pictures: string): Promise<void> {
  const window = await NotebookPage.open(server, browser);
  const file = join(server.workspace, "quickstart.ipynb");
  await window.command("MedKE: Open Quickstart");
  await poll("the copied quickstart", 60, () => existsSync(file));
  await window.runAll(file, SECONDS);
  const device = window.page.locator('.statusbar-item [aria-label*="MedKE kernel"]');
  expect(await device.textContent(), "the device in the status bar").to.match(/MedKE: (cpu|webgpu)/);
  expect(await device.getAttribute("aria-label")).to.match(/Device: (cpu|webgpu) \(.+\)/);
  const frame = await window.outputFrame();
  /** Looks at `target` in the light theme, then in the dark one without scrolling in between. */
  const show = async (name: string, target: Locator, check: (found: Locator) => Promise<void>) => {
    await scrollTo(window.page, target, name);
    for (const theme of ["light", "dark"] as const) {
      if (theme === "dark") await window.command(TOGGLE);
      await frame.locator(`body.vscode-${theme}`).waitFor({ state: "attached", timeout: 30_000 });
      await check(target);
      await window.page.screenshot({ path: join(pictures, `quickstart-${name}-${theme}.png`) });
    }
    await window.command(TOGGLE);
    await frame.locator("body.vscode-light").waitFor({ state: "attached", timeout: 30_000 });
  };
  // Pictures that a cell shows as such are drawn by VS Code itself.
  await show("sheet", frame.locator('img[src^="blob:"]').first(), async (sheet) => {
    expect(await widthOf(sheet)).to.be.greaterThan(800);
  });
  await show("diff", frame.locator(".medke-edit-diff").first(), async (diff) => {
    expect(await widthOf(diff.locator("img").first()), "width of the diff's image").to.be.greaterThan(0);
  });
  await show("plot", frame.locator(".medke-metrics"), async (plot) => {
    const bars = plot.locator(".main-svg .barlayer .point path");
    // The plot's library is fetched when the first plot comes on the screen.
    await poll("bars in the plot", 60, async () => (await bars.count()) > 1);
    expect((await bars.first().boundingBox())!.height, "height of the first bar").to.be.greaterThan(1);
  });
  await window.page.close();
}

const widthOf = (image: Locator) => image.evaluate((element) => (element as HTMLImageElement).naturalWidth);

/** Turns the wheel from the top of the notebook, again and again, until `target` is on the screen, or fills most of it. */
async function scrollTo(page: Page, target: Locator, name: string): Promise<void> {
  const notebook = (await page.locator(".notebookOverlay .cell-list-container").boundingBox())!;
  await page.mouse.move(notebook.x + notebook.width - 30, notebook.y + notebook.height / 2);
  const onScreen = async () => {
    if (!(await target.count())) return false;
    const box = await target.boundingBox();
    if (box === null || box.height === 0) return false;
    const seen = Math.min(box.y + box.height, notebook.y + notebook.height) - Math.max(box.y, notebook.y);
    return seen >= Math.min(box.height, 0.6 * notebook.height);
  };
  let turns = 0;
  await poll(`the ${name} on the screen`, 120, async () => {
    if (await onScreen()) return true;
    // Outputs are drawn when they come near, which takes a while: what was passed before that is seen on the next way down.
    await page.mouse.wheel(0, turns++ % TURNS === 0 ? -100_000 : 200);
    return false;
  });
}
