export type ThemeKind = "light" | "dark" | "hc-light" | "hc-dark";

/** Colours and font for what CSS cannot reach, such as the inside of a plot. Colours are `rgb(...)`. */
export interface Theme {
  kind: ThemeKind;
  ink: string;
  paper: string;
  font: string;
  /** Pixels. */
  fontSize: number;
}

/** Marks `root` (a `.medke` element in the document) with the theme's kind and reads its computed colours. */
export function applyTheme(root: HTMLElement): Theme {
  const kind = themeKind(root);
  root.dataset.theme = kind;
  const { color, backgroundColor, fontFamily, fontSize } = getComputedStyle(root);
  return { kind, ink: color, paper: backgroundColor, font: fontFamily, fontSize: parseFloat(fontSize) };
}

/** Calls `changed` (at most once a frame) when the surrounding theme changes; call the result to stop. */
export function watchTheme(changed: () => void): () => void {
  let frame = 0;
  const soon = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(changed);
  };
  // VS Code swaps the body's class and the variables on the root element; a plain page follows the system.
  const observer = new MutationObserver(soon);
  for (const element of [document.body, document.documentElement])
    observer.observe(element, { attributes: true, attributeFilter: ["class", "style", "data-vscode-theme-kind"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", soon);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    system.removeEventListener("change", soon);
  };
}

function themeKind(root: HTMLElement): ThemeKind {
  const classes = document.body.classList;
  // In this order: VS Code gives a high-contrast light theme both high-contrast classes.
  if (classes.contains("vscode-high-contrast-light")) return "hc-light";
  if (classes.contains("vscode-high-contrast")) return "hc-dark";
  if (classes.contains("vscode-light")) return "light";
  if (classes.contains("vscode-dark")) return "dark";
  const [r, g, b] = (getComputedStyle(root).backgroundColor.match(/[\d.]+/g) ?? ["255", "255", "255"]).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128 ? "dark" : "light";
}
