import { pmetUpdate } from "./closed-forms/pmet.ts";
import type { Editor } from "./editor.ts";
import { inLayerOf } from "./locate/edited-layers.ts";
import { spreadEditor } from "./locate/spread-editor.ts";
import { MEMIT_DEFAULTS, type MemitOptions } from "./memit.ts";

/** Divergence of the essence prompt (nats, with its factor) at which a target that is most likely is good enough. */
const STOP_ESSENCE = 0.01;

export type PmetOptions = Omit<MemitOptions, "variant">;

const { variant: _, ...SHARED } = MEMIT_DEFAULTS;

/**
 * PMET: vectors behind the attention and behind the MLP of the last written layer are optimised together, so that the MLP need not carry what
 * the attention would; only the MLP's part is written, as in MEMIT but with residuals over the root of the layers left.
 *
 * Published bound and penalty (1 and 0.5, relative to the MLP's own output) leave too little room in a model of a few million parameters; the
 * defaults are those of MEMIT. The likelihood counts a tenth once the target is the most likely answer; with an essence prompt the optimisation then ends as soon as its
 * divergence is small. "Most likely" is read off as a probability of one half and more for every token.
 * Source: PMET (arXiv 2308.08742), section 4; rules of EasyEdit's pmet (reproduced; no official variant of the write is needed, see
 * `pmetUpdate`).
 */
export const pmet = (given: PmetOptions = {}): Editor =>
  spreadEditor(
    {
      id: "pmet",
      summary: "MEMIT with vectors of attention and MLP optimised together; the MLP's alone is written",
      defaults: { ...SHARED, stopBelow: 0.005 },
      valueSites: (model, last) => [last, inLayerOf("pmet", model, last, "self_attn.o_proj")],
      rules: {
        likelyFactor: 0.1,
        stop: ({ likely, essence }) => likely && essence !== undefined && essence <= STOP_ESSENCE,
      },
      spread: "sqrt",
      write: async ({ options: { lambda }, covariance, site, keys, residuals }) =>
        pmetUpdate({ keys, residuals, factor: await covariance.factor(site), lambda }),
    },
    given,
  );
