import type { Templates } from "./templates.ts";

/** "side" is asked of organs, findings and devices in the same words, so that it is learnt once. */
const side: Templates = {
  train: [
    "on which side is the {x}?",
    "which side shows the {x}?",
    "is the {x} on the left or on the right?",
    "where is the {x}, left or right?",
    "what side does the {x} lie on?",
  ],
  probe: ["on what side does the {x} lie?", "left or right, where is the {x}?"],
};

/** Questions that the picture alone answers. `{x}` is the entity asked about, `{y}` a second one. */
export const VISUAL_TEMPLATES = {
  modality: {
    train: [
      "which modality is this image?",
      "what kind of image is this?",
      "which modality is shown here?",
      "what is the modality of this image?",
      "by which modality was this image made?",
    ],
    probe: ["what modality was used for this image?", "which kind of image is shown here?"],
  },
  "organ-present": {
    train: [
      "is the {x} seen in this image?",
      "does this image show the {x}?",
      "is the {x} present here?",
      "can you see the {x} in this image?",
      "does the image show {a x}?",
      "is the organ {x} in the image?",
    ],
    probe: ["is the {x} shown here?", "in this image, is the {x} present?"],
  },
  "organ-side": side,
  "finding-present": {
    train: [
      "is there {a x} in this image?",
      "does this image show {a x}?",
      "is {a x} present here?",
      "can you see {a x} in the image?",
      "is the finding {x} seen here?",
      "does the patient have {a x}?",
    ],
    probe: ["in this image, is there {a x}?", "is {a x} shown here?"],
  },
  "finding-absent": {
    train: [
      "is it true that there is no {x} in this image?",
      "is it true that no {x} is present here?",
      "is it false that there is {a x} in this image?",
      "is it wrong that {a x} is seen here?",
      "is this image free of {a x}?",
      "is {a x} absent here?",
    ],
    probe: ["is it true that this image shows no {x}?", "is it false that {a x} is present here?"],
  },
  "finding-in-organ": {
    train: [
      "which finding lies in the {x}?",
      "what finding is seen in the {x}?",
      "the {x} holds which finding?",
      "what finding does the {x} hold?",
      "which finding is inside the {x}?",
    ],
    probe: ["in the {x}, what finding is seen?", "what finding lies inside the {x}?"],
  },
  "finding-on-side": {
    train: [
      "which finding lies on the {x}?",
      "what finding is seen on the {x} side?",
      "on the {x}, which finding is seen?",
      "which finding is on the {x} side of this image?",
      "what finding does the {x} side show?",
    ],
    probe: ["what finding lies on the {x} side?", "the {x} side shows which finding?"],
  },
  "finding-side": side,
  "finding-level": {
    train: [
      "at which level is the {x}?",
      "is the {x} at the upper or lower level?",
      "where is the {x}, upper or lower?",
      "which level shows the {x}?",
      "what level does the {x} lie at?",
    ],
    probe: ["at what level does the {x} lie?", "upper or lower, where is the {x}?"],
  },
  "finding-size": {
    train: [
      "how large is the {x}?",
      "what is the size of the {x}?",
      "is the {x} small or large?",
      "what size does the {x} have?",
      "which size has the {x}?",
    ],
    probe: ["what size has the {x}?", "small or large, what is the size of the {x}?"],
  },
  "finding-count": {
    train: [
      "how many {x} lesions are there?",
      "how many lesions of the {x} are seen?",
      "what is the number of {x} lesions?",
      "the {x} has how many lesions?",
      "in this image, how many {x} lesions are seen?",
    ],
    probe: ["what number of {x} lesions is seen?", "how many lesions has the {x}?"],
  },
  "finding-severity": {
    train: [
      "how severe is the {x}?",
      "what is the severity of the {x}?",
      "is the {x} mild or marked?",
      "what severity does the {x} have?",
      "which severity has the {x}?",
    ],
    probe: ["what severity has the {x}?", "mild or marked, how severe is the {x}?"],
  },
  "device-kind": {
    train: [
      "which device is seen in this image?",
      "what device is present here?",
      "which device does this image show?",
      "what device, if any, is in this image?",
      "which device does the patient have?",
    ],
    probe: ["which device, if any, is present here?", "what device does the image show?"],
  },
  "device-side": side,
  "device-crosses": {
    train: [
      "which organ does the {x} cross?",
      "what organ is crossed by the {x}?",
      "the {x} crosses which organ?",
      "across which organ does the {x} run?",
      "which organ lies behind the {x}?",
    ],
    probe: ["the {x} runs across which organ?", "by the {x}, which organ is crossed?"],
  },
  "device-covers": {
    train: [
      "does the {x} cover the {y}?",
      "is the {y} covered by the {x}?",
      "does the {x} lie over the {y}?",
      "is the {y} partly behind the {x}?",
      "is it true that the {x} covers the {y}?",
    ],
    probe: ["is the {y} partly covered by the {x}?", "does the {y} lie behind the {x}?"],
  },
  "next-to": {
    train: [
      "what lies next to the {x}?",
      "what is seen next to the {x}?",
      "the {x} lies next to what?",
      "next to the {x}, what is seen?",
      "which of the others is next to the {x}?",
    ],
    probe: ["next to the {x} lies what?", "what does the {x} lie next to?"],
  },
} as const satisfies Record<string, Templates>;

export type VisualFamily = keyof typeof VISUAL_TEMPLATES;
