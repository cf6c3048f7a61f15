/** Something drawn into an output. Whoever opened it disposes it, once; nothing of it then remains in the document. */
export interface View {
  /** Settles when the view is complete; rejects when a part of it could not be loaded. */
  ready: Promise<void>;
  dispose(): void;
}

/** Draws a payload into an empty element. Throws UserFacingError at once for data that cannot be drawn. */
export type ShowView = (host: HTMLElement, payload: unknown) => View;
