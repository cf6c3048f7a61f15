import { MODALITIES } from "../../datasets/phantom/world/vocabulary.ts";
import { contactSheet, type Tile } from "./contact-sheet.ts";
import { type Displayable, MIME_BUNDLE, type MimeBundle } from "./mime.ts";
import { sceneTiles } from "./scene-tiles.ts";

/** As wide as a notebook's cell. */
const COLUMNS = 3;

export interface PhantomSheetOptions {
  /** Seed of pictures and questions. Default 0. */
  seed?: number;
  /** Rows of three pictures. Default 2: one picture of each modality. */
  rows?: number;
}

/** What the phantom world looks like: pictures with questions and answers below, which are also its text for screen readers. */
export function phantomSheet({ seed = 0, rows = MODALITIES.length / COLUMNS }: PhantomSheetOptions = {}): Displayable {
  return {
    async [MIME_BUNDLE](): Promise<MimeBundle> {
      const tiles = sceneTiles(seed, rows * COLUMNS);
      const title = "The phantom world: every organ, finding, device and name is invented";
      const png = await contactSheet(title, tiles, COLUMNS);
      const words = tiles.map(({ lines: [modality, ...rest] }) => `${modality.text}: ${rest.map(said).join(" ")}`);
      return { "image/png": png.toString("base64"), "text/plain": [`${title}.`, ...words].join("\n") };
    },
  };
}

const said = ({ text, strong }: Tile["lines"][number]) => (strong ? `${text}.` : text);
