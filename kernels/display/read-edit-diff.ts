import type { EditDiffPayload } from "./edit-diff.ts";
import {
  boolean,
  finite,
  list,
  object,
  oneOf,
  optional,
  record,
  refuse,
  requireVersion1,
  string,
} from "./payload-shape.ts";

const shape = object({
  case: string,
  editor: string,
  model: string,
  benchmark: string,
  question: string,
  answer: string,
  target: string,
  notice: string,
  image: optional(string),
  images: record(
    object({
      mime: oneOf("image/jpeg", "image/png"),
      // It becomes part of an address and of markup, so nothing but base64 may be in it.
      base64: (value, path) => {
        if (typeof value !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) refuse(path, "base64", value);
      },
      width: finite,
      height: finite,
      alt: string,
    }),
  ),
  probes: list(
    object({
      kind: string,
      name: optional(string),
      question: string,
      image: optional(string),
      before: string,
      after: string,
      expected: string,
      pass: boolean,
      scored: string,
      logprob_before: finite,
      logprob_after: finite,
    }),
  ),
});

/**
 * Checks a before/after view's data, which may come from a notebook saved by any version of medke.
 *
 * Throws: PayloadError for a newer version, a missing field, or a probe whose image is not among `images`.
 */
export function readEditDiff(value: unknown): EditDiffPayload {
  requireVersion1(value);
  shape(value, "");
  const payload = value as EditDiffPayload;
  const known = (key: string | undefined, path: string) => {
    if (key !== undefined && !Object.hasOwn(payload.images, key)) refuse(path, "the key of one of the images", key);
  };
  known(payload.image, "image");
  payload.probes.forEach((probe, i) => known(probe.image, `probes[${i}].image`));
  return payload;
}
