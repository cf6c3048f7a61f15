import { UserFacingError } from "../kernels/errors.ts";
import { html } from "./element.ts";
import { adoptStyles } from "./styles.ts";
import { applyTheme, watchTheme } from "./theme.ts";
import type { View } from "./view.ts";

/** Shows why an output could not be drawn, in its place; never a blank. */
export function showMessage(host: HTMLElement, error: unknown): View {
  const text =
    error instanceof UserFacingError
      ? error.message
      : `internal: this output could not be drawn (${error instanceof Error ? error.message : String(error)}). Please report it.`;
  const root = html("section", { class: "medke medke-message", role: "alert" }, html("p", {}, text));
  host.replaceChildren(root);
  const dropStyles = adoptStyles(root, "");
  applyTheme(root);
  const unwatch = watchTheme(() => void applyTheme(root));
  return {
    ready: Promise.resolve(),
    dispose() {
      unwatch();
      dropStyles();
      root.remove();
    },
  };
}
