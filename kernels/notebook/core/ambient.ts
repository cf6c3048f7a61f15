/** What every cell can use without an import, and the part of tslab's module that the kernel offers, for the type checker. */
export const ambientDeclarations = `
/**
 * Shows a value below the cell: a bundle of MIME types, a value that knows how to show itself, PNG or JPEG bytes, or anything else
 * as text. Showing again with the same id within one cell replaces the earlier output.
 */
declare function display(value: unknown, options?: { id?: string }): Promise<void>;

declare module "tslab" {
  interface Versions { tslab: string; typescript: string; node: string }
  /** The version strings of tslab and its dependencies. */
  export const versions: Versions;
  export interface Display {
    javascript(s: string): void;
    html(s: string): void;
    markdown(s: string): void;
    latex(s: string): void;
    svg(s: string): void;
    png(b: Uint8Array): void;
    jpeg(b: Uint8Array): void;
    gif(b: Uint8Array): void;
    pdf(b: Uint8Array): void;
    text(s: string): void;
    raw(contentType: string, b: string | Uint8Array): any;
  }
  /** Returns a new \`Display\` instance which displays and overwrites a single display-entry. */
  export function newDisplay(): Display;
  /** Utility functions to display rich contents. */
  export const display: Display;
}
`;
