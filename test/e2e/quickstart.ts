import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import type { CodeServer } from "./code-server.ts";
import { NotebookPage } from "./notebook-page.ts";
import { poll } from "./poll.ts";

const SECONDS = 200;

/** Opens the quickstart by its command, runs all of it, and keeps a picture in each theme with plot and diff in view. */
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
  for (const theme of ["light", "dark"] as const) {
    if (theme === "dark") await window.command("Preferences: Toggle between Light/Dark Themes");
    await frame.locator(`body.vscode-${theme}`).waitFor({ state: "attached", timeout: 30_000 });
    const { bars, image } = await scrollToResults(window.page, frame);
    expect(await bars.count(), "bars in the plot").to.be.greaterThan(1);
    expect((await bars.first().boundingBox())!.height, "height of the first bar").to.be.greaterThan(1);
    expect(
      await image.evaluate((element: HTMLImageElement) => element.naturalWidth),
      "width of the diff's image",
    ).to.be.greaterThan(0);
    await window.page.screenshot({ path: join(pictures, `quickstart-${theme}.png`) });
  }
  await window.page.close();
}

/** Turns the wheel until the plot and the edit diff are on the screen together. */
async function scrollToResults(page: Page, frame: Frame): Promise<{ bars: Locator; image: Locator }> {
  const diff = frame.locator(".medke-edit-diff");
  const plot = frame.locator(".medke-metrics");
  const bars = frame.locator(".medke-metrics .main-svg .barlayer .point path");
  const image = frame.locator(".medke-edit-diff img").first();
  const notebook = (await page.locator(".notebookOverlay .cell-list-container").boundingBox())!;
  await page.mouse.move(notebook.x + notebook.width - 30, notebook.y + notebook.height / 2);
  const onScreen = async (target: Locator) => {
    if (!(await target.count())) return false;
    const box = await target.boundingBox();
    return box !== null && box.height > 0 && box.y >= notebook.y && box.y + box.height <= notebook.y + notebook.height;
  };
  await page.mouse.wheel(0, -100_000);
  await poll("plot and diff on the screen", 60, async () => {
    if ((await onScreen(plot)) && (await onScreen(diff))) return true;
    await page.mouse.wheel(0, 200);
    return false;
  });
  return { bars, image };
}
