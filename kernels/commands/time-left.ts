/** Before this an estimate says more about the first step than about the others. */
const LEAST_MS = 3000;

/**
 * Says how long counted work will still take at the pace so far: ", about 40 s left", or nothing while that is unknown. Work with another
 * total, or a count that falls, is new work. Times are in milliseconds.
 */
export function timeLeft(): (now: number, done: number, total: number) => string {
  let work = { total: -1, from: 0, began: 0, last: 0 };
  return (now, done, total) => {
    if (total !== work.total || done < work.last) work = { total, from: done, began: now, last: done };
    work.last = done;
    const [steps, spent] = [done - work.from, now - work.began];
    if (steps < 1 || done >= total || spent < LEAST_MS) return "";
    return `, about ${words((spent / steps) * (total - done))} left`;
  };
}

const words = (milliseconds: number): string => {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};
