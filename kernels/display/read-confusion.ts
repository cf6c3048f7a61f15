import type { ConfusionPayload } from "./confusion.ts";
import { finite, list, object, PayloadError, refuse, requireVersion1, type Shape, string } from "./payload-shape.ts";

const fraction: Shape = (value, path) => {
  finite(value, path);
  if ((value as number) < 0 || (value as number) > 1) refuse(path, "a fraction from 0 to 1", value);
};

const orNull =
  (shape: Shape): Shape =>
  (value, path) => {
    if (value !== null) shape(value, path);
  };

const interval: Shape = (value, path) => {
  const ends = Array.isArray(value) && value.length === 2 ? value : undefined;
  if (!ends) return refuse(path, "a 95% interval [low, high], or null", value);
  ends.forEach((end, i) => fraction(end, `${path}[${i}]`));
};

const metrics = (shape: Shape) => object({ set: shape, individual: shape, confusion: shape });

const shape = object({
  title: string,
  subtitle: string,
  comparable_group: string,
  series: list(
    object({
      label: string,
      scores: metrics(orNull(object({ value: fraction, ci: orNull(interval), n: finite }))),
    }),
  ),
  baselines: list(object({ label: string, scores: metrics(orNull(fraction)) })),
});

/**
 * Checks a confusion plot's data, which may come from a notebook saved by any version of medke.
 *
 * Throws: PayloadError for a newer version, a missing field, a score that is no fraction, or no series at all.
 */
export function readConfusion(value: unknown): ConfusionPayload {
  requireVersion1(value);
  shape(value, "");
  const payload = value as ConfusionPayload;
  if (!payload.series.length)
    throw new PayloadError(`Confusion plot "${payload.title}": there is nothing to draw. Run the cell again.`);
  return payload;
}
