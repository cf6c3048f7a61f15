import { adoptStyles } from "./styles.ts";
import { applyTheme, watchTheme } from "./theme.ts";
import type { View } from "./view.ts";

/** Makes a view of an element that is complete as it stands: gives it its styles, keeps it in the theme, and takes all away again. */
export function themedView(root: HTMLElement, styles: string): View {
  const dropStyles = adoptStyles(root, styles);
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
