import { UserFacingError } from "../kernels/errors.ts";
import { html } from "./element.ts";
import { themedView } from "./themed-view.ts";
import type { View } from "./view.ts";

/** Shows why an output could not be drawn, in its place; never a blank. */
export function showMessage(host: HTMLElement, error: unknown): View {
  const text =
    error instanceof UserFacingError
      ? error.message
      : `internal: this output could not be drawn (${error instanceof Error ? error.message : String(error)}). Please report it.`;
  const root = html("section", { class: "medke medke-message", role: "alert" }, html("p", {}, text));
  host.replaceChildren(root);
  return themedView(root, "");
}
