import { UserFacingError } from "../../../kernels/errors.ts";
import type { EntityKind, Finding } from "./scene.ts";
import type { DeviceKind, FindingKind, Level, Modality, OrganKind, Side } from "./vocabulary.ts";

/** A finding that must be there; what is left out is drawn. */
export interface FindingWish extends Partial<Pick<Finding, "size" | "severity" | "side" | "level">> {
  kind: FindingKind;
  /** Number of its lesions, 1 to 3. */
  count?: number;
  /** The organ in which it lies; null: outside all organs. */
  inside?: OrganKind | null;
}

/** A device that must be there; what is left out is drawn. */
export interface DeviceWish {
  kind: DeviceKind;
  side?: Side;
  level?: Level;
  /** The organ that it runs across; null: none. */
  crosses?: OrganKind | null;
  /** The finding that it partly hides; null: none. */
  covers?: FindingKind | null;
}

/** What a scene must show. Whatever is left open is drawn from the seed. */
export interface Wanted {
  modality?: Modality;
  /** Organs that must be there, beside which others may stand. */
  organs?: OrganKind[];
  findings?: { exactly: FindingWish[] } | { atLeast: FindingWish[] };
  devices?: { exactly: DeviceWish[] } | { atLeast: DeviceWish[] };
  /** Kinds that must not be there. */
  absent?: EntityKind[];
}

/** Cause: a wish that contradicts itself or the world, or for which the picture has no room. Handled by: the caller, who relaxes it. */
export class SceneImpossibleError extends UserFacingError {}
