/** Draws a standalone SVG at twice its size, sharp on dense screens. Returns a PNG as base64. */
export async function rasterise(svg: string): Promise<string> {
  const { default: sharp } = await import("sharp");
  // 72 dpi is one SVG pixel a pixel; a high density keeps text outlines smooth where scaling a finished bitmap would not.
  const png = await sharp(Buffer.from(svg), { density: 144 }).png({ compressionLevel: 9, palette: false }).toBuffer();
  return png.toString("base64");
}
