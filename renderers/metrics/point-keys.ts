/**
 * Lets arrow keys walk through the points of a plot: right and down go on, left and up go back, Home and End jump, Escape leaves.
 * `show(undefined)` means: nothing is pointed at. The listeners go with the element.
 */
export function pointKeys(element: HTMLElement, count: () => number, show: (index: number | undefined) => void): void {
  let at: number | undefined;
  const move = (index: number | undefined) => {
    at = index;
    show(index);
  };
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = count() - 1;
    const from = at === undefined ? undefined : Math.min(at, last);
    const next: Record<string, number | undefined> = {
      ArrowRight: from === undefined ? 0 : Math.min(last, from + 1),
      ArrowLeft: from === undefined ? last : Math.max(0, from - 1),
      Home: 0,
      End: last,
      Escape: undefined,
    };
    const key = event.key === "ArrowDown" ? "ArrowRight" : event.key === "ArrowUp" ? "ArrowLeft" : event.key;
    if (!(key in next) || last < 0) return;
    // The notebook would otherwise move its cell selection.
    event.preventDefault();
    event.stopPropagation();
    move(next[key]);
  });
  element.addEventListener("blur", () => move(undefined));
}
