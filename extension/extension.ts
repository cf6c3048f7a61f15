import * as vscode from "vscode";
import { offerRestart } from "./changed-settings.ts";
import { registerCommands } from "./commands.ts";
import { KernelCompletion } from "./completion.ts";
import { MedkeController } from "./controller.ts";
import { KernelHover } from "./hover.ts";
import { NOTEBOOK_TYPE } from "./kernelspec.ts";
import { NotebookKernels } from "./notebook-kernels.ts";
import { StatusBar } from "./status-bar.ts";

/** Entry point of the extension host. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("MedKE", { log: true });
  const kernels = new NotebookKernels(log);
  const controller = new MedkeController(kernels, log);
  const cells = ["typescript", "javascript"].map((language) => ({ notebookType: NOTEBOOK_TYPE, language }));
  context.subscriptions.push(
    log,
    kernels,
    controller,
    new StatusBar(kernels),
    offerRestart(kernels),
    registerCommands(controller, log),
    vscode.languages.registerCompletionItemProvider(cells, new KernelCompletion(kernels), "."),
    vscode.languages.registerHoverProvider(cells, new KernelHover(kernels)),
  );
}
