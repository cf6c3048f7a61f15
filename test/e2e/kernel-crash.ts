import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { CodeServer } from "./code-server.ts";
import { NotebookPage } from "./notebook-page.ts";

/** Kills a kernel from within and checks what the user reads, and that the message's button brings a fresh kernel. */
export async function crashKernel(server: CodeServer, browser: Browser): Promise<void> {
  const file = join(server.workspace, "crash.ipynb");
  const cell = {
    cell_type: "code",
    id: "c0",
    execution_count: null,
    metadata: {},
    outputs: [],
    source: ['process.kill(process.pid, "SIGKILL"); await new Promise(() => {});'],
  };
  const kernelspec = { name: "medke", display_name: "TypeScript (medke)", language: "typescript" };
  writeFileSync(
    file,
    JSON.stringify({
      cells: [cell],
      metadata: { kernelspec, language_info: { name: "typescript" } },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  const window = await NotebookPage.open(server, browser, file);
  await window.kernel("idle");
  await window.command("Notebook: Run All");
  const message = window.page
    .locator(".notification-list-item")
    .filter({ hasText: /crash\.ipynb: .*SIGKILL.*variables are lost/i });
  await message.waitFor({ timeout: 60_000 });
  await window.kernel("dead");
  await message.getByRole("button", { name: "Restart Kernel" }).click();
  await window.kernel("idle");
  await window.page.close();
}
