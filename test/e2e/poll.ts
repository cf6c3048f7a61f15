/** Asks `question` until the answer is truthy. Throws, naming `what` and `detail()`, when `seconds` have passed. */
export async function poll<T>(
  what: string,
  seconds: number,
  question: () => T | Promise<T>,
  detail: () => string | Promise<string> = () => "",
): Promise<NonNullable<T>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not seen within ${seconds} s. ${await detail()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
