/** VS Code's four default themes, as far as outputs see them: the body's classes and the variables on the root element. */
export interface ThemeSet {
  body: string;
  variables: Record<string, string>;
}

const fonts = {
  "--vscode-font-family": '"DejaVu Sans", sans-serif',
  "--vscode-editor-font-size": "13px",
};

export const THEMES = {
  light: {
    body: "vscode-light",
    variables: {
      ...fonts,
      "--vscode-editor-background": "#ffffff",
      "--vscode-editor-foreground": "#3b3b3b",
      "--vscode-descriptionForeground": "#3b3b3b",
      "--vscode-focusBorder": "#005fb8",
      "--vscode-button-secondaryBackground": "#e5e5e5",
      "--vscode-button-secondaryForeground": "#3b3b3b",
      "--vscode-button-secondaryHoverBackground": "#cccccc",
    },
  },
  dark: {
    body: "vscode-dark",
    variables: {
      ...fonts,
      "--vscode-editor-background": "#1f1f1f",
      "--vscode-editor-foreground": "#cccccc",
      "--vscode-descriptionForeground": "#9d9d9d",
      "--vscode-focusBorder": "#0078d4",
      "--vscode-button-secondaryBackground": "#313131",
      "--vscode-button-secondaryForeground": "#cccccc",
      "--vscode-button-secondaryHoverBackground": "#3c3c3c",
    },
  },
  "hc-dark": {
    body: "vscode-high-contrast",
    variables: {
      ...fonts,
      "--vscode-editor-background": "#000000",
      "--vscode-editor-foreground": "#ffffff",
      "--vscode-descriptionForeground": "rgba(255, 255, 255, 0.7)",
      "--vscode-contrastBorder": "#6fc3df",
      "--vscode-focusBorder": "#f38518",
      "--vscode-button-secondaryForeground": "#ffffff",
      "--vscode-button-secondaryBackground": "#000000",
      "--vscode-button-border": "#6fc3df",
    },
  },
  "hc-light": {
    body: "vscode-high-contrast vscode-high-contrast-light",
    variables: {
      ...fonts,
      "--vscode-editor-background": "#ffffff",
      "--vscode-editor-foreground": "#292929",
      "--vscode-descriptionForeground": "#292929",
      "--vscode-contrastBorder": "#0f4a85",
      "--vscode-focusBorder": "#006bbd",
      "--vscode-button-secondaryForeground": "#292929",
      "--vscode-button-secondaryBackground": "#ffffff",
      "--vscode-button-border": "#0f4a85",
    },
  },
} satisfies Record<string, ThemeSet>;

export type ThemeName = keyof typeof THEMES;
