// Encodes JPEG lossless (ITU-T T.81 annex H) with prediction from the left, the first line from above, one Huffman table in which
// every category has five bits: long, and simple enough to be checked by eye.

/** `samples`: interleaved. Shapes: samples.length === width * height * components; units: `precision` bits. */
export function jpegLossless(
  samples: ArrayLike<number>,
  width: number,
  height: number,
  components: number,
  precision: number,
): Buffer {
  const categories = [...Array(17).keys()];
  const segment = (marker: number, body: number[]) => [
    0xff,
    marker,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body,
  ];
  const counts = [...Array(16).keys()].map((i) => (i === 4 ? categories.length : 0));
  const list = [...Array(components).keys()];
  const head = [
    ...[0xff, 0xd8],
    ...segment(0xc4, [0, ...counts, ...categories]),
    ...segment(0xc3, [
      precision,
      height >> 8,
      height & 255,
      width >> 8,
      width & 255,
      components,
      ...list.flatMap((c) => [c + 1, 0x11, 0]),
    ]),
    ...segment(0xda, [components, ...list.flatMap((c) => [c + 1, 0]), 1, 0, 0]),
  ];
  const out: number[] = [];
  let bits = 0;
  let held = 0;
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) {
      held = (held << 1) | ((value >> i) & 1);
      if (++bits < 8) continue;
      out.push(held);
      if (held === 0xff) out.push(0);
      bits = held = 0;
    }
  };
  const at = (x: number, y: number, c: number) => samples[(y * width + x) * components + c];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const c of list) {
        const predicted = x > 0 ? at(x - 1, y, c) : y > 0 ? at(0, y - 1, c) : 1 << (precision - 1);
        // Differences are taken modulo 2^16.
        const difference = ((at(x, y, c) - predicted + 32768) & 0xffff) - 32768;
        const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
        put(category, 5);
        if (category > 0 && category < 16)
          put(difference > 0 ? difference : difference + (1 << category) - 1, category);
      }
  while (bits) put(1, 1);
  return Buffer.from([...head, ...out, 0xff, 0xd9]);
}
