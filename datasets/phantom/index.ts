// To add a form: write forms/<name>.ts, add its name to FORM_NAMES in forms/splits.ts and its line below.
import { requireKnown } from "../../kernels/nearest-name.ts";
import { fgvedit } from "./forms/fgvedit.ts";
import type { PhantomForm } from "./forms/form.ts";
import { mediconfusion } from "./forms/mediconfusion.ts";
import { medmkeb } from "./forms/medmkeb.ts";
import { medversa } from "./forms/medversa.ts";

/** The benchmarks that the phantom world is written as. */
export const forms = { medmkeb, medversa, fgvedit, mediconfusion } satisfies Record<string, PhantomForm>;

/** Throws: UnknownNameError with the nearest form. */
export const formNamed = (name: string): PhantomForm =>
  forms[requireKnown("form", name, Object.keys(forms) as (keyof typeof forms)[])];
