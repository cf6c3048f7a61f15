import type { Site } from "../../onnx/sites.ts";
import type { Tensor } from "../../tensor.ts";
import { EditMismatchError } from "../combine-edits.ts";
import type { Edit } from "../edit.ts";

/**
 * Checks that a scope can be asked on a model: its site is there, its keys are as wide as the site's input, and there is one of everything for
 * each entry. (How wide the vectors of a sentence encoder are shows when it is asked.)
 *
 * Throws: EditMismatchError that names edit, site and sizes.
 */
export function checkScope(
  { id, scope, provenance }: Pick<Edit, "id" | "scope" | "provenance">,
  sites: readonly Site[],
) {
  const refuse = (what: string): never => {
    throw new EditMismatchError(
      `edit "${id}": ${what}. It was made for "${provenance.model}"; make it again on this model.`,
    );
  };
  const requireSite = (name: string) =>
    sites.find((site) => site.id === name) ?? refuse(`its scope asks site "${name}", which this model does not have`);
  const requireKeys = ({ type, dims }: Tensor, count: number, width: number | undefined, where: string) => {
    const fits = type === "float32" && dims.length === 2 && dims[0] === count && (width === undefined || dims[1] === width); // prettier-ignore
    // A memory without entries knows no width.
    if (count > 0 && !fits)
      refuse(
        `its scope's keys ${where} are ${type} [${dims}], where float32 [${count}, ${width ?? "width"}] are needed`,
      );
  };
  const requireEach = (count: number, lists: Record<string, { readonly length: number }>) => {
    for (const [name, { length }] of Object.entries(lists))
      if (length !== count) refuse(`its scope has ${count} entries and ${length} ${name}`);
  };
  switch (scope.kind) {
    case "always":
    case "nowhere":
      return;
    case "nearest-key": {
      const { keys, radii, cases, points } = scope;
      const site = requireSite(scope.site);
      requireEach(radii.length, { "lists of cases": cases });
      requireKeys(keys, radii.length, site.in, `at ${site.id}`);
      if (!points) return;
      requireEach(points.balls.length, { "points' entries": points.entries, "points' lists of cases": points.cases });
      return requireKeys(points.keys, points.balls.length, site.in, `of its points at ${site.id}`);
    }
    case "activation":
      requireSite(scope.site);
      return requireEach(scope.thresholds.length, { "lists of cases": scope.cases });
    case "nearest-text":
      if (typeof scope.encoderDigest !== "string")
        refuse(`it does not say which sentence encoder "${scope.encoder}" was, as edits of earlier versions of medke did not`); // prettier-ignore
      return requireKeys(scope.keys, scope.cases.length, undefined, `by "${scope.encoder}"`);
    default:
      scope satisfies never;
      return refuse(`this version of medke knows no scope "${(scope as { kind: string }).kind}"`);
  }
}
