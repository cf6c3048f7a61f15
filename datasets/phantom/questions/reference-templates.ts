import type { Templates } from "./templates.ts";

/** Phrases that lead from the picture to one entity without naming it. `{x}` is another entity, or a side, that is named. */
export const REFERENCE_TEMPLATES = {
  "only-finding": {
    train: ["the finding in this image", "the finding seen here", "the finding present in the image"],
    probe: ["the finding shown here", "the finding in the image"],
  },
  "finding-in-organ": {
    train: ["the finding in the {x}", "the finding inside the {x}", "the finding that the {x} holds"],
    probe: ["the finding seen in the {x}", "the finding that lies in the {x}"],
  },
  "finding-on-side": {
    train: ["the finding on the {x}", "the finding on the {x} side", "the finding that the {x} side shows"],
    probe: ["the finding seen on the {x}", "the finding that lies on the {x} side"],
  },
  "only-device": {
    train: ["the device in this image", "the device seen here", "the device present in the image"],
    probe: ["the device shown here", "the device in the image"],
  },
  "organ-crossed": {
    train: ["the organ that the {x} crosses", "the organ crossed by the {x}", "the organ that the {x} runs across"],
    probe: ["the organ across which the {x} runs", "the organ behind the {x}"],
  },
  "organ-of-finding": {
    train: ["the organ that holds the {x}", "the organ in which the {x} lies"],
    probe: ["the organ in which the {x} is seen", "the organ with the {x} inside"],
  },
} as const satisfies Record<string, Templates>;

export type ReferenceKind = keyof typeof REFERENCE_TEMPLATES;
