import type { DiffImage } from "../../kernels/display/edit-diff.ts";
import { html } from "../element.ts";

/** An image of the payload, with its text for screen readers. */
export const picture = (image: DiffImage): HTMLImageElement =>
  html("img", {
    src: `data:${image.mime};base64,${image.base64}`,
    alt: image.alt,
    width: image.width,
    height: image.height,
  });
