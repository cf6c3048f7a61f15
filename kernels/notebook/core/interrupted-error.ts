/** Thrown into a cell's loops once its run was asked to stop. */
export class InterruptedError extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("The cell was interrupted. Variables keep their values.");
  }
}
