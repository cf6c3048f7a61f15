import type { CancellationToken } from "vscode";

/**
 * The answer if it comes in time, otherwise undefined.
 *
 * A kernel that runs a cell answers when the cell ends, and the code editor must not wait for that.
 */
export async function within<T>(
  milliseconds: number,
  token: CancellationToken,
  answer: Promise<T>,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const given = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
    token.onCancellationRequested(() => resolve(undefined));
  });
  try {
    return await Promise.race([answer, given]);
  } finally {
    clearTimeout(timer);
  }
}
