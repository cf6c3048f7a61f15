/** How often something was left out or repaired, and why; every loader reports these instead of dropping records silently. */
export interface ReasonCount {
  reason: string;
  count: number;
}

/** Counts reasons, in the order in which they first occurred. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  list(): ReasonCount[] {
    return [...this.counts].map(([reason, count]) => ({ reason, count }));
  }
}
