// The part of plotly's interface used here; the strict bundle ships no types.
declare module "plotly.js-strict-dist-min" {
  export type Trace = Record<string, unknown>;
  export type Layout = Record<string, unknown>;
  export interface Figure {
    data: Trace[];
    layout: Layout;
  }
  export interface Plotly {
    /** Draws or updates. */
    react(element: HTMLElement, data: Trace[], layout: Layout, config?: Record<string, unknown>): Promise<unknown>;
    /** Frees a plot: its nodes and listeners. */
    purge(element: HTMLElement): void;
    /** A data URL. */
    toImage(figure: Figure, options: { format: "png"; width: number; height: number; scale: number }): Promise<string>;
    Fx: {
      hover(element: HTMLElement, points: { curveNumber: number; pointNumber: number }[], subplot: string): void;
      unhover(element: HTMLElement): void;
    };
  }
  const plotly: Plotly;
  export default plotly;
}
