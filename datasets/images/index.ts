import type { ImageFormat } from "./decoding.ts";
import { dicom } from "./dicom.ts";
import { nifti } from "./nifti.ts";
import { raster } from "./raster.ts";

/** Every image format, found by the content of a file. */
export const formats: readonly ImageFormat[] = [dicom, nifti, raster];

/** What the formats are called, for messages. */
export const FORMAT_NAMES = "PNG, JPEG, WebP, GIF, TIFF, AVIF, DICOM or NIfTI";
