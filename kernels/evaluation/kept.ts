/** Results by the hash of what determines them, wherever they are kept. */
export interface Kept<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
}
