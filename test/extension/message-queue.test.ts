import { expect } from "chai";
import { MessageQueue } from "../../extension/message-queue.ts";
import type { KernelMessage } from "../../kernels/notebook/protocol.ts";

const print = (text: string, name: "stdout" | "stderr" = "stdout"): KernelMessage => ({
  type: "stream",
  id: "1",
  name,
  text,
});
const display = (text: string): KernelMessage => ({ type: "display", id: "1", data: { "text/plain": text } });
const later = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

describe("MessageQueue", () => {
  it("handles one message after the other, in order", async () => {
    const seen: string[] = [];
    let running = 0;
    const queue = new MessageQueue(
      async (message) => {
        expect(++running).to.equal(1);
        await later();
        running--;
        seen.push(message.type === "stream" ? message.text : message.type);
      },
      (error) => expect.fail(String(error)),
    );
    for (const message of [print("a"), display("x"), print("b"), display("y")]) queue.push(message);
    await queue.drained();
    expect(seen).to.deep.equal(["a", "display", "b", "display"]);
  });

  it("joins text of one stream that waits, and never text of two streams or across a display", async () => {
    const seen: KernelMessage[] = [];
    const queue = new MessageQueue(
      async (message) => {
        await later();
        seen.push(message);
      },
      (error) => expect.fail(String(error)),
    );
    for (const message of [
      print("0"),
      print("1"),
      print("2"),
      print("e", "stderr"),
      print("3"),
      display("x"),
      print("4"),
      print("5"),
    ])
      queue.push(message);
    await queue.drained();
    expect(seen).to.deep.equal([print("0"), print("12"), print("e", "stderr"), print("3"), display("x"), print("45")]);
  });

  it("goes on after a message that could not be handled, and reports it", async () => {
    const seen: string[] = [];
    const failures: unknown[] = [];
    const queue = new MessageQueue(
      async (message) => {
        if (message.type === "display") throw new Error("no such output");
        seen.push(message.type);
      },
      (error) => failures.push(error),
    );
    queue.push(display("x"));
    queue.push(print("a"));
    await queue.drained();
    expect(seen).to.deep.equal(["stream"]);
    expect(failures).to.have.length(1);
  });

  it("can be drained, filled and drained again", async () => {
    let count = 0;
    const queue = new MessageQueue(
      async () => {
        await later();
        count++;
      },
      () => undefined,
    );
    queue.push(display("x"));
    await queue.drained();
    queue.push(display("y"));
    await queue.drained();
    expect(count).to.equal(2);
  });
});
