/** How an image is made. Only the look is taken from real imaging; everything in the pictures is invented. */
export const MODALITIES = ["radiograph", "ct", "mr", "ultrasound", "fundus", "histology"] as const;
export type Modality = (typeof MODALITIES)[number];

/** Invented organs of the body, drawn in radiograph, ct, mr and ultrasound; each has an outline of its own. */
export const BODY_ORGANS = ["corvane", "tessal", "ludrin", "mirrel", "pelune", "zanthe"] as const;
/** Invented structures of the fundus. */
export const FUNDUS_ORGANS = ["aurel", "dusken"] as const;
/** Invented tissues of histology. */
export const TISSUE_ORGANS = ["glandor", "stromel"] as const;
export const ORGANS = [...BODY_ORGANS, ...FUNDUS_ORGANS, ...TISSUE_ORGANS] as const;
export type OrganKind = (typeof ORGANS)[number];

/** Invented findings. The shape tells them apart in every modality; brightness is the modality's. */
export const FINDINGS = ["glimmar", "orvole", "strellux", "velkin", "drassel", "pebbrel", "furcane", "halden"] as const;
export type FindingKind = (typeof FINDINGS)[number];

/** Invented devices; histology shows none. */
export const DEVICES = ["filome", "spirane", "clavet", "latrix"] as const;
export type DeviceKind = (typeof DEVICES)[number];

/** Sides and levels are those of the picture as it is seen, not of a patient. */
export const SIDES = ["left", "right"] as const;
export type Side = (typeof SIDES)[number];
export const LEVELS = ["upper", "lower"] as const;
export type Level = (typeof LEVELS)[number];
export const SIZES = ["small", "large"] as const;
export type Size = (typeof SIZES)[number];
export const SEVERITIES = ["mild", "marked"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const organsOf = (modality: Modality): readonly OrganKind[] =>
  modality === "fundus" ? FUNDUS_ORGANS : modality === "histology" ? TISSUE_ORGANS : BODY_ORGANS;
