import { random } from "../../../kernels/random.ts";
import type { Random } from "../../../kernels/random.ts";
import type { Device, Finding, Organ, Scene } from "../world/scene.ts";
import { textSeed } from "../world/text-seed.ts";
import type { Visit } from "./stamp.ts";

/** A picture in the making. */
export interface Sheet {
  size: number;
  scene: Scene;
  /** Stream of everything that the scene leaves open. */
  stream: Random;
  /** Intensities [size × size], 0 to 1: one plane for grey modalities, three (red, green, blue) for colour. */
  planes: Float32Array[];
}

/** How a modality shows things. A look is made for one sheet; its calls come in the order of the fields. */
export interface Look {
  /** Fills the planes with all that stands behind the entities. */
  background(): void;
  /** Width of an organ's edge in pixels. */
  organSoftness: number;
  /** What to do with the pixels of an organ. */
  organ(organ: Organ): Visit;
  /** What to do with the pixels of a lesion. */
  finding(finding: Finding): Visit;
  /** What a device does to its surroundings: the width of its halo in pixels, and its pixels. */
  halo?: { width: number; visit: Visit };
  /** What to do with the pixels of a device. */
  device(device: Device): Visit;
  /** Everything between the object and the detector: blur, noise, shading. */
  finish(): void;
}

/** Draws of what belongs to the patient and not to the single picture: alike in two scenes that differ in one attribute only. */
export const patientStream = ({ view }: Scene, topic: string): Random => random(textSeed(`${topic} ${view.rotation}`));

/** Contrast of a lesion, of that of a marked one. */
export const contrastOf = ({ severity }: Finding): number => (severity === "marked" ? 1 : 0.52);
