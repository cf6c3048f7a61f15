import * as vscode from "vscode";
import type { KernelSession, KernelState } from "./kernel-session.ts";
import type { NotebookKernels } from "./notebook-kernels.ts";

const icons: Record<KernelState, string> = {
  starting: "$(loading~spin)",
  idle: "$(circle-large-outline)",
  busy: "$(circle-large-filled)",
  dead: "$(error)",
};

/** Shows, for the notebook in front, whether its kernel is free and what models run on. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #kernels: NotebookKernels;
  readonly #listeners: vscode.Disposable[];

  constructor(kernels: NotebookKernels) {
    this.#kernels = kernels;
    this.#item = vscode.window.createStatusBarItem("medke.kernel", vscode.StatusBarAlignment.Right, 100);
    this.#item.name = "MedKE kernel";
    this.#item.command = "medke.showLog";
    this.#listeners = [
      kernels.onDidChange(() => this.#update()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.#update()),
    ];
    this.#update();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#listeners, this.#item).dispose();
  }

  #update(): void {
    const session = this.#kernels.find(vscode.window.activeNotebookEditor?.notebook);
    // The commands that need a kernel are offered where there is one.
    void vscode.commands.executeCommand("setContext", "medke.hasNotebook", session !== undefined);
    if (!session) return this.#item.hide();
    const { text, tooltip } = describe(session);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: tooltip };
    this.#item.show();
  }
}

function describe({ state, device, node }: KernelSession): { text: string; tooltip: string } {
  const tooltip = [
    `MedKE kernel: ${state}`,
    device ? `Device: ${device.device} (${device.reason})` : "Device: not chosen yet; loading a model chooses it",
    ...(node ? [`Runs on ${node}`] : []),
  ];
  return { text: `${icons[state]} MedKE: ${device?.device ?? state}`, tooltip: tooltip.join("\n") };
}
