import type { ImageRoots, LocatedImage } from "./image-roots.ts";
import { Tally } from "./reason-count.ts";
import { type FindingExample, shortened, type UnresolvedImages } from "./validation.ts";

const EXAMPLES = 5;

type Place = Omit<FindingExample, "value">;

/** Counts, per field, the image references of a copy that lead to no file. */
export class ImageAudit {
  private readonly fields = new Map<string, { count: number; reasons: Tally; examples: FindingExample[] }>();

  /** Looks for one reference of a record. `field` is the published one. */
  async check(roots: ImageRoots, reference: unknown, place: Place): Promise<void> {
    this.add(await roots.locate(reference), reference, place);
  }

  /** Counts what was found for a reference. */
  add(found: LocatedImage, reference: unknown, place: Place): void {
    const field =
      this.fields.get(place.field) ??
      this.fields.set(place.field, { count: 0, reasons: new Tally(), examples: [] }).get(place.field)!;
    if ("image" in found && !found.missing) return;
    field.count++;
    field.reasons.add("problem" in found ? found.problem : "the image file is missing");
    if (field.examples.length < EXAMPLES) field.examples.push({ ...place, value: shortened(reference) });
  }

  /** Every field that was looked at, in the order of the first look. */
  results(): UnresolvedImages[] {
    return [...this.fields].map(([field, { count, reasons, examples }]) => ({
      field,
      count,
      reasons: reasons.list(),
      examples,
    }));
  }
}
