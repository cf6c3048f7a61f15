import { PHANTOM_CARD } from "../../phantom-export.ts";
import { SPLITS } from "../knowledge/splits.ts";
import type { PhantomForm } from "./form.ts";

/** The data card of an export: Markdown, whose first line says that nothing in it is real. */
export const dataCard = (form: PhantomForm, seed: number, counts: Partial<Record<string, number>>): string =>
  [
    PHANTOM_CARD,
    `# Phantom ${form.name}`,
    `${form.summary[0].toUpperCase()}${form.summary.slice(1)}. Drawn and written by medke from seed ${seed}; the same version and seed give the same bytes.`,
    `Records: ${SPLITS.map((split) => `${counts[split]} ${split}`).join(", ")}.`,
    ...form.card,
    "Targets of edits are deliberately false, also within the invented world.",
    "",
  ].join("\n\n");
