// Layout of the memory shared with the interrupt thread. Transpiled code reads word 0 and the slots (see transforms/guard-loops.ts).
const CURRENT_SLOT = 0;
const ACKNOWLEDGED = 1;
const IN_KERNEL = 2;
const FIRST_SLOT = 3;
const SLOTS = 4096;

/**
 * One interrupt flag for each run of a cell, in memory that a second thread can write while the main thread spins.
 *
 * A raised flag stays raised: a catch-all around a loop cannot swallow it, and leftovers of the interrupted run stop at their next
 * iteration. After 4096 runs a slot is used again.
 */
export class InterruptFlags {
  readonly words: Int32Array<SharedArrayBuffer>;

  constructor(buffer = new SharedArrayBuffer(4 * (FIRST_SLOT + SLOTS))) {
    this.words = new Int32Array(buffer);
    if (this.currentSlot === 0) Atomics.store(this.words, CURRENT_SLOT, FIRST_SLOT);
  }

  get currentSlot(): number {
    return Atomics.load(this.words, CURRENT_SLOT);
  }

  /** Begins a run and returns its slot. */
  startRun(): number {
    const slot = FIRST_SLOT + ((this.currentSlot - FIRST_SLOT + 1) % SLOTS);
    Atomics.store(this.words, slot, 0);
    Atomics.store(this.words, CURRENT_SLOT, slot);
    return slot;
  }

  raise(slot: number): void {
    Atomics.store(this.words, slot, 1);
  }

  isRaised(slot: number): boolean {
    return Atomics.load(this.words, slot) !== 0;
  }

  /** The main thread has seen request number `count`, so it is free. */
  acknowledge(count: number): void {
    Atomics.store(this.words, ACKNOWLEDGED, count);
  }

  hasAcknowledged(count: number): boolean {
    return Atomics.load(this.words, ACKNOWLEDGED) >= count;
  }

  /** Runs the kernel's own work, which must not be terminated: a type checker cut off halfway is broken for good. */
  protect<T>(work: () => T): T {
    Atomics.store(this.words, IN_KERNEL, 1);
    try {
      return work();
    } finally {
      Atomics.store(this.words, IN_KERNEL, 0);
    }
  }

  get isProtected(): boolean {
    return Atomics.load(this.words, IN_KERNEL) !== 0;
  }
}
