/** Sizes of the phantom model: 3.1 million parameters, of which the decoder has 2.6. */
export const PHANTOM = {
  /** Height and width of the picture, in pixels. */
  image: 128,
  vision: {
    /** Convolutions, each with a norm and a ReLU; together they make 16 pixels one place. */
    stem: [
      { channels: 16, stride: 2, kernel: 5 },
      { channels: 32, stride: 2, kernel: 3 },
      { channels: 32, stride: 1, kernel: 3 },
      { channels: 64, stride: 2, kernel: 3 },
      { channels: 64, stride: 1, kernel: 3 },
      { channels: 128, stride: 2, kernel: 3 },
    ],
    width: 128,
    layers: 2,
    heads: 4,
    inner: 512,
  },
  decoder: { width: 192, layers: 5, heads: 6, inner: 512, epsilon: 1e-6, rotaryBase: 10000 },
  /** Deviations of the decoder's initial weights: in so narrow a model the usual 0.02 leaves attention all but even for thousands of steps. */
  deviations: { into: 0.06, out: 0.02, table: 0.3 },
  /** Longest sequence that the training shows, in tokens. */
  context: 256,
} as const;

/** Feature rows that an image becomes: one for each 16 x 16 pixels. */
export const IMAGE_TOKENS = (PHANTOM.image / PHANTOM.vision.stem.reduce((all, { stride }) => all * stride, 1)) ** 2;
