import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import type { CodeServer } from "./code-server.ts";
import { poll } from "./poll.ts";

interface SavedCell {
  cell_type: string;
  source: string | string[];
  execution_count?: number | null;
  outputs?: { output_type: string; ename?: string; evalue?: string; traceback?: string[] }[];
}

/** One browser window on the server, used as a person uses it: palette, buttons, what is on the screen and what is in the saved file. */
export class NotebookPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the workspace folder, with `file` in front if one is given. */
  static async open(server: CodeServer, browser: Browser, file?: string): Promise<NotebookPage> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1800 } });
    const open = file
      ? `&payload=${encodeURIComponent(JSON.stringify([["openFile", `vscode-remote://${server.authority}${file}`]]))}`
      : "";
    await page.goto(`http://${server.authority}/?folder=${server.workspace}${open}`, { timeout: 120_000 });
    const opened = new NotebookPage(page);
    await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
    return opened;
  }

  /** Runs a command of the palette by its full title. */
  async command(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input");
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first();
    // A palette that was opened before the extension was known stays without its commands.
    await poll(`"${title}" in the palette`, 60, async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("F1");
      await input.fill(`>${title}`);
      return row.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    await row.click();
    await input.waitFor({ state: "hidden" });
  }

  /** Waits for the kernel's state as the status bar tells it. */
  async kernel(state: string, seconds = 60): Promise<void> {
    await this.page
      .locator(`.statusbar-item [aria-label*="MedKE kernel: ${state}"]`)
      .waitFor({ timeout: seconds * 1000 });
  }

  /** Runs all cells and waits until the saved file holds them all and the kernel is idle. Throws as soon as a cell has failed. */
  async runAll(file: string, seconds: number): Promise<void> {
    await this.page.locator(".notebookOverlay .cell-list-container").waitFor({ timeout: 60_000 });
    await this.kernel("idle");
    await this.command("Notebook: Run All");
    await poll(`the end of ${relative(process.cwd(), file)}`, seconds, async () => {
      const cells = codeCells(file);
      for (const cell of cells) {
        const error = cell.outputs?.find(({ output_type }) => output_type === "error");
        if (error)
          throw new Error(
            `A cell failed: ${error.ename}: ${error.evalue}\n${(error.traceback ?? []).join("\n")}\n${[cell.source].flat().join("")}`,
          );
      }
      if (!cells.every((cell) => cell.execution_count)) return false;
      // The count is saved when a cell starts; the last one has ended when the kernel is idle.
      return (await this.page.locator('.statusbar-item [aria-label*="MedKE kernel: idle"]').count()) > 0;
    });
  }

  /** The document in which the notebook's outputs live. */
  outputFrame(): Promise<Frame> {
    return poll("the output frame", 30, () =>
      this.page.frames().find((frame) => frame.url().includes("webview/browser/pre/fake.html")),
    );
  }
}

function codeCells(file: string): SavedCell[] {
  try {
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: SavedCell[] };
    return cells.filter((cell) => cell.cell_type === "code" && [cell.source].flat().join("").trim());
  } catch {
    // Read while VS Code was writing it; the next look succeeds.
    return [{ cell_type: "code", source: "unread" }];
  }
}
