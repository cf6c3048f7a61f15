import { expect } from "chai";
import { TestKernel, within } from "./with-kernel.ts";

describe("errors of cells", () => {
  const kernel = new TestKernel();
  before(() => kernel.start());
  after(() => kernel.stop());

  it("are mapped to lines and columns of the TypeScript that the user wrote, across cells and modules", async () => {
    kernel.put(
      "helper.ts",
      "interface Unused {\n  a: number;\n}\n\nexport function fail(why: string): never {\n  throw new RangeError(why);\n}\n",
    );
    await kernel.run(
      'import { fail } from "./helper.ts";\ninterface P { a: number }\ntype Q = P;\n\nfunction outer(q: Q) {\n  return [q].map((v: Q) => fail("bad " + v.a));\n}',
      "Cell 7",
    );
    const { error } = await kernel.run("// a comment\nlet n: number = 3;\n\n  outer({ a: n });", "Cell 8");
    expect(error).to.deep.equal({
      name: "RangeError",
      message: "bad 3",
      stack: [
        "RangeError: bad 3",
        "    at fail (helper.ts, line 6, column 9)",
        "    at Cell 7, line 6, column 28",
        "    at outer (Cell 7, line 6, column 14)",
        "    at Cell 8, line 4, column 3",
      ].join("\n"),
    });
  });

  it("are mapped after an await", async () => {
    const { error } = await kernel.run(
      "async function late(): Promise<void> {\n  await 0;\n  throw new Error('late');\n}\n\nawait late();",
      "Cell 9",
    );
    expect(error?.stack.split("\n").slice(1)).to.deep.equal([
      "    at late (Cell 9, line 3, column 9)",
      "    at async Cell 9, line 6, column 1",
    ]);
  });

  it("keep the frames of the run that defined a function, when its cell is run again", async () => {
    await kernel.run("\n\nconst old = () => { throw new Error('old'); };", "Cell 1");
    await kernel.run("const different = 1;", "Cell 1");
    const { error } = await kernel.run("old()", "Cell 2");
    expect(error?.stack).to.include("at old (Cell 1, line 3, column 27)");
  });

  it("hold no frame of the kernel, of Node.js or of packages", async () => {
    const { error } = await kernel.run(
      'import { table } from "arquero"; table({ a: [1] }).filter("nonsense(").numRows()',
    );
    expect(error?.stack).to.match(/\n {4}at Cell \d+, line 1, column \d+$/);
    expect(error?.stack.split("\n    at ")).to.have.length(2);
  });

  it("name their causes", async () => {
    const { error } = await kernel.run(
      "try { null!.x } catch (cause) {\n  throw new Error('outer', { cause });\n}".replace("null!", "(null as any)"),
      "Cell 4",
    );
    expect(error?.stack).to.equal(
      "Error: outer\n    at Cell 4, line 2, column 9\nCaused by: TypeError: Cannot read properties of null (reading 'x')\n    at Cell 4, line 1, column 21",
    );
  });

  it("print mapped stacks when the cell prints them itself", async () => {
    const { stdout } = await kernel.run(
      "\ntry { throw new Error('printed') } catch (e) { console.log((e as Error).stack) }",
      "Cell 5",
    );
    expect(stdout).to.equal("Error: printed\n    at Cell 5, line 2, column 13\n");
  });

  it("show the message alone where it is meant for the user", async () => {
    const { error } = await kernel.run(
      'const split = new Error("train.json is missing. Fetch it."); split.name = "SplitError"; Object.defineProperty(split, Symbol.for("medke.userFacingError"), { value: true }); throw split',
    );
    expect(error).to.deep.equal({ name: "SplitError", message: "train.json is missing. Fetch it.", stack: "" });
  });

  const UNUSUAL: [what: string, code: string, shown: RegExp][] = [
    ["a message that is a function", 'const e: any = new Error("x"); e.message = () => {}; throw e;', /=>/],
    ["a name that cannot be read", 'throw { get name() { throw 1 }, message: "m" };', /\S/],
    [
      "a stack that cannot be read",
      'throw Object.defineProperty(new Error("y"), "stack", { get() { throw 2 } });',
      /^y$/,
    ],
    ["parts that are no list", 'throw Object.assign(new AggregateError([], "z"), { errors: 5 });', /^z$/],
    ["no readable property at all", "throw new Proxy({}, { get() { throw 3 }, getPrototypeOf() { throw 4 } });", /\S/],
    [
      "its own broken description",
      'throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw 5 } };',
      /a value that cannot be described/,
    ],
  ];
  for (const [what, code, shown] of UNUSUAL)
    it(`end the cell and leave the kernel usable where the thrown value has ${what}`, async () => {
      const ran = await within(5000, kernel.run(code));
      expect(ran.outcome).to.equal("error");
      expect(ran.error?.message).to.be.a("string").and.match(shown);
      expect(ran.error?.name).to.be.a("string");
      expect((await within(5000, kernel.run("1 + 1"))).result).to.equal("2");
    });

  it("stop a cell before it runs, with each type error on its own line", async () => {
    const { error, stdout } = await kernel.run('console.log("ran");\nconst s: string = 1;\n  s.nothing;', "Cell 3");
    expect(stdout).to.equal("");
    expect(error).to.deep.equal({
      name: "TypeScript error",
      message:
        "Cell 3, line 2, column 7: Type 'number' is not assignable to type 'string'. (TS2322)\n" +
        "Cell 3, line 3, column 5: Property 'nothing' does not exist on type 'string'. (TS2339)",
      stack: "",
    });
  });
});
