import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { FetchTargetError, UnsafeArchiveError } from "../../../datasets/fetch/errors.ts";
import type { Unpacking } from "../../../datasets/fetch/source.ts";
import { unpack } from "../../../datasets/fetch/unpack.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { random } from "../../../kernels/random.ts";
import { type Entry, pax, tar, tarGz, zip } from "./archives.ts";
import { failure, scratch, sha256, tree } from "./scratch.ts";

const NFC = "imgs/caf\u00e9.jpg";
const NFD = "imgs/cafe\u0301.jpg";
const ok = (name: string, body = "x"): Entry => ({ name, body });

/** Names that must not be created; each with the reason that is given. */
const NAMES: Record<string, string> = {
  "../evil": "leaves the folder",
  "imgs/../../evil": "leaves the folder",
  "imgs/../evil": "leaves the folder",
  "./../evil": "leaves the folder",
  "..": "leaves the folder",
  "/etc/evil": "absolute path",
  "//server/share/evil": "absolute path",
  "C:\\evil": "backslash",
  "C:/evil": "drive letter",
  "c:evil": "drive letter",
  "..\\evil": "backslash",
  "imgs\\..\\..\\evil": "backslash",
  "\\\\server\\share\\evil": "backslash",
  "imgs/a\u0001b": "control character",
  "imgs/a\nb": "control character",
  "imgs/file.jpg:stream": "Windows reads as something else",
  "imgs/a?.jpg": "Windows reads as something else",
  "imgs//evil": "empty part",
  "imgs/./evil": "empty part",
  "imgs/con": "device on Windows",
  "imgs/NUL.txt": "device on Windows",
  "imgs/com1.jpg": "device on Windows",
  "imgs/evil.": "Windows drops",
  "imgs /evil": "Windows drops",
  "imgs/.. /evil": "Windows drops",
  [`imgs/${"d/".repeat(40)}x`]: "folders deep",
};

/** Archives that must not be unpacked, whatever their format; each with the reason that is given. */
const SETS: Record<string, { entries: Entry[]; reason: string }> = {
  "a name twice": { entries: [ok("imgs/a.jpg"), ok("imgs/a.jpg", "other")], reason: "occurs twice" },
  "a name twice, once with the folder's name left out": {
    entries: [ok("imgs/a.jpg"), ok("a.jpg")],
    reason: "occurs twice",
  },
  "names that differ in case": { entries: [ok("imgs/a.jpg"), ok("imgs/A.jpg")], reason: "only in case" },
  "folders that differ in case": { entries: [ok("imgs/x/a.jpg"), ok("imgs/X/b.jpg")], reason: "only in case" },
  "the target folder in another case": {
    entries: [ok("imgs/a.jpg"), ok("IMGS/b.jpg"), ok("Imgs/c.jpg")],
    reason: "only in case",
  },
  "names that differ in the spelling of accents": { entries: [ok(NFC), ok(NFD)], reason: "spelling of accents" },
  "a file below a file": { entries: [ok("imgs/a"), ok("imgs/a/b")], reason: "a file and a folder at once" },
  "a file where a folder is": { entries: [ok("imgs/a/b"), ok("imgs/a")], reason: "a file and a folder at once" },
  "a file in place of the target folder": {
    entries: [ok("imgs")],
    reason: "a file where the folder of images belongs",
  },
  "too many entries": {
    entries: Array.from({ length: 41 }, (_, i) => ok(`imgs/${i}`)),
    reason: "more than 40 entries",
  },
  "too many bytes together": {
    entries: [0, 1, 2].map((i) => ok(`imgs/${i}`, String(i).repeat(40_000))),
    reason: "unpacks to more than 100000 bytes",
  },
  nothing: { entries: [], reason: "holds no file" },
  "clutter only": { entries: [ok("__MACOSX/._a"), ok("imgs/.DS_Store")], reason: "holds no file" },
};

describe("unpack", () => {
  const { fresh } = scratch();
  const limits = { into: "imgs", atMostBytes: 100_000, atMostEntries: 40 };

  /** Unpacks into an empty folder beside which nothing else may appear. */
  async function attempt(bytes: Buffer, format: Unpacking["format"], more: Partial<Unpacking> = {}, ratio?: number) {
    const outer = fresh();
    const root = join(outer, "root");
    mkdirSync(root);
    const archive = join(root, "archive");
    writeFileSync(archive, bytes);
    const done = unpack(archive, root, { format, ...limits, ...more }, { ratio });
    return { outer, root, archive, done };
  }

  /** Refused for a reason, and nothing but the archive is there afterwards. */
  async function expectRefused(
    bytes: Buffer,
    format: Unpacking["format"],
    reason: string,
    more?: Partial<Unpacking>,
    ratio?: number,
  ) {
    const { outer, done } = await attempt(bytes, format, more, ratio);
    const error = await failure(done);
    expect(error).to.be.instanceOf(UnsafeArchiveError);
    expect(error.message).to.include(reason);
    expect(error.message).to.include("Nothing of this archive was put in place");
    expect(tree(outer)).to.deep.equal(["root", "root/archive"]);
  }

  const formats = { zip, "tar.gz": tarGz } as const;
  for (const format of Object.keys(formats) as Unpacking["format"][])
    describe(format, () => {
      const pack = formats[format];

      it("unpacks files and folders below the target, with their digests, and leaves clutter out", async () => {
        const { root, done } = await attempt(
          pack([
            ok("./imgs/one/source.jpg", "first"),
            ok("two/source.jpg", "second"),
            ok("imgs-evil/x.jpg", "a prefix twin is just another folder"),
            ok("imgs/inner.zip", "archives within are not unpacked"),
            { name: "imgs/empty/", mode: 0o040755, type: "5" },
            ok("__MACOSX/imgs/._source.jpg"),
            ok("imgs/.DS_Store"),
          ]),
          format,
        );
        const files = await done;
        expect([...files.keys()].sort()).to.deep.equal([
          "imgs/imgs-evil/x.jpg",
          "imgs/inner.zip",
          "imgs/one/source.jpg",
          "imgs/two/source.jpg",
        ]);
        expect(files.get("imgs/one/source.jpg")).to.deep.equal({ bytes: 5, sha256: sha256("first") });
        expect(readFileSync(join(root, "imgs/two/source.jpg"), "utf8")).to.equal("second");
        expect(tree(root).filter((name) => !name.startsWith("imgs"))).to.deep.equal(["archive"]);
      });

      for (const [name, reason] of Object.entries(NAMES))
        it(`refuses ${JSON.stringify(name.slice(0, 30))}, wherever it stands`, async () => {
          await expectRefused(pack([ok("imgs/good.jpg"), ok(name)]), format, reason);
        });

      for (const [what, { entries, reason }] of Object.entries(SETS))
        it(`refuses ${what}`, () => expectRefused(pack(entries), format, reason));

      it("refuses a name that is not UTF-8", () =>
        expectRefused(pack([{ name: Buffer.from([0x69, 0xff, 0xfe]), body: "x" }]), format, "not valid UTF-8"));

      it("refuses a bomb by its ratio", () =>
        expectRefused(
          pack([{ name: "imgs/zeros", body: Buffer.alloc(40 * 2 ** 20) }]),
          format,
          "more than 100 times its size",
          { atMostBytes: 2 ** 40 },
        ));

      it("refuses an archive that is cut short", async () => {
        const whole = pack([ok("imgs/a.jpg", "a".repeat(5000)), ok("imgs/b.jpg", "b".repeat(5000))]);
        for (const share of [0.2, 0.5, 0.9])
          await expectRefused(whole.subarray(0, Math.floor(whole.length * share)), format, "damaged here");
      });

      it("refuses what is no archive", async () => {
        for (const text of ["", "<html>not found</html>", "version https://git-lfs.github.com/spec/v1\n"])
          await expectRefused(Buffer.from(text), format, "");
      });

      it("leaves a folder alone that is there already, and what a link leads to", async () => {
        for (const link of [false, true]) {
          const { outer, root, archive, done } = await attempt(pack([ok("imgs/a.jpg", "new")]), format);
          await done;
          const again = await failure(unpack(archive, root, { format, ...limits }));
          expect(again).to.be.instanceOf(FetchTargetError);
          expect(again.message).to.include("exists already");
          if (!link) continue;
          mkdirSync(join(outer, "elsewhere"));
          symlinkSync(join(outer, "elsewhere"), join(root, "linked"));
          const into = unpack(archive, root, { format, ...limits, into: "linked" });
          expect((await failure(into)).message).to.include("exists already");
          expect(tree(join(outer, "elsewhere"))).to.deep.equal([]);
        }
      });

      it("stops on request and leaves nothing", async () => {
        const root = fresh();
        writeFileSync(join(root, "archive"), pack([ok("imgs/a"), ok("imgs/b"), ok("imgs/c")]));
        const controller = new AbortController();
        const onProgress = () => controller.abort();
        const stopped = unpack(
          join(root, "archive"),
          root,
          { format, ...limits },
          { signal: controller.signal, onProgress },
        );
        expect(await failure(stopped)).to.be.instanceOf(CancelledError);
        expect(tree(root)).to.deep.equal(["archive"]);
      });

      it("removes what an unpacking that was killed left", async () => {
        const { root, archive } = await attempt(pack([ok("../bad")]), format).then(async (all) => {
          await failure(all.done);
          return all;
        });
        mkdirSync(join(root, ".medke-unpack-abc/imgs"), { recursive: true });
        writeFileSync(archive, pack([ok("imgs/a")]));
        await unpack(archive, root, { format, ...limits });
        expect(tree(root)).to.deep.equal(["archive", "imgs", "imgs/a"]);
      });

      it("survives 300 random damages: the files of the archive, or none", async () => {
        const entries = [ok("imgs/a.jpg", "first ".repeat(50)), ok("imgs/b/c.jpg", "second ".repeat(50))];
        const good = format === "zip" ? zip(entries) : tar(entries);
        const { below } = random(17);
        for (let trial = 0; trial < 300; trial++) {
          const bytes = Buffer.from(good);
          for (let hit = below(3); hit >= 0; hit--) bytes[below(bytes.length)] = below(256);
          const { outer, done } = await attempt(format === "zip" ? bytes : gzipSync(bytes, { level: 1 }), format);
          const error = await done.then(
            () => undefined,
            (problem: unknown) => problem,
          );
          if (error) expect(error).to.be.instanceOf(UnsafeArchiveError);
          const outside = tree(outer).filter((name) => !/^root(\/archive|\/imgs(\/.*)?)?$/.test(name));
          expect(outside).to.deep.equal([]);
          if (error) expect(tree(outer)).to.deep.equal(["root", "root/archive"]);
        }
      });
    });

  describe("zip", () => {
    for (const [what, mode] of [
      ["a symbolic link", 0o120777],
      ["a device", 0o060644],
      ["a device", 0o020644],
      ["a named pipe", 0o010644],
      ["a socket", 0o140644],
    ] as const)
      it(`refuses ${what} (mode ${mode.toString(8)}), and a file through it`, () =>
        expectRefused(
          zip([{ name: "imgs/link", body: "/etc", mode }, ok("imgs/link/passwd")]),
          "zip",
          `it is ${what}`,
        ));

    it("refuses encrypted entries", () =>
      expectRefused(zip([{ ...ok("imgs/a"), encrypted: true }]), "zip", "it is encrypted"));

    it("refuses a zero byte in a name", () => expectRefused(zip([ok("imgs/a\0.jpg")]), "zip", "control character"));

    it("refuses a size that is understated or overstated", async () => {
      for (const size of [10, 5000])
        await expectRefused(zip([{ ...ok("imgs/a", "z".repeat(1000)), claims: { size } }]), "zip", "damaged here");
    });

    it("refuses a checksum that does not fit", () =>
      expectRefused(zip([{ ...ok("imgs/a"), claims: { crc: 1 } }]), "zip", "checksum (CRC-32) does not fit"));

    it("refuses a claim of more than is allowed before it unpacks a byte", () =>
      expectRefused(zip([{ ...ok("imgs/a"), claims: { size: 0xfffffff0 } }]), "zip", "more than 100000 bytes"));

    it("refuses a count of entries that is too high, before it reads one", () =>
      expectRefused(zip([ok("imgs/a")], 60_000), "zip", "more than 40 entries"));
  });

  describe("tar", () => {
    for (const [what, type] of [
      ["a hard link", "1"],
      ["a symbolic link", "2"],
      ["a device", "3"],
      ["a device", "4"],
      ["a named pipe", "6"],
      ["a sparse file", "S"],
      ['of the unknown type "Z"', "Z"],
    ])
      it(`refuses ${what}, and a file through it`, () =>
        expectRefused(
          tarGz([{ name: "imgs/link", type, link: "../../elsewhere" }, ok("imgs/link/x")]),
          "tar.gz",
          `it is ${what}`,
        ));

    it("reads long names of both kinds, and refuses unsafe ones", async () => {
      const long = `imgs/${"n".repeat(150)}.jpg`;
      for (const head of [
        [pax({ path: long })],
        [{ name: "././@LongLink", type: "L", body: `${long}\0` }],
      ] as Entry[][]) {
        const { done } = await attempt(tarGz([...head, ok("short")]), "tar.gz");
        expect([...(await done).keys()]).to.deep.equal([long]);
      }
      await expectRefused(tarGz([pax({ path: "../../evil" }), ok("fine")]), "tar.gz", "leaves the folder");
      await expectRefused(tarGz([pax({ path: "imgs/a\0b" }), ok("fine")]), "tar.gz", "control character");
      await expectRefused(
        tarGz([{ name: "x", type: "L", body: "../evil\0" }, ok("fine")]),
        "tar.gz",
        "leaves the folder",
      );
      await expectRefused(
        tarGz([pax({ path: `imgs/${"n".repeat(300)}` }), ok("fine")]),
        "tar.gz",
        "longer than 255 bytes",
      );
    });

    it("refuses headers that do not add up", async () => {
      await expectRefused(
        tarGz([{ ...ok("imgs/a"), claims: { crc: 1 } }]),
        "tar.gz",
        "a header's checksum does not fit",
      );
      await expectRefused(tarGz([{ ...ok("imgs/a"), claims: { size: 90_000 } }]), "tar.gz", "it ends in the middle");
      await expectRefused(tarGz([pax({ size: "-1" }), ok("imgs/a")]), "tar.gz", "a size that is no number");
      await expectRefused(tarGz([pax({ size: "1e99" }), ok("imgs/a")]), "tar.gz", "a size that is no number");
      await expectRefused(tarGz([{ name: "p", type: "x", body: "9999 path=x\n" }, ok("a")]), "tar.gz", "malformed");
      await expectRefused(tarGz([{ name: "p", type: "g", body: Buffer.alloc(2 ** 20 + 1) }]), "tar.gz", "too long");
    });

    it("refuses extended headers without an end", () =>
      expectRefused(tarGz(Array.from({ length: 100 }, () => pax({ comment: "x" }))), "tar.gz", "too many headers"));

    it("refuses an archive without an end mark", () =>
      expectRefused(
        gzipSync(gunzipSync(tarGz([ok("imgs/a")])).subarray(0, 1024)),
        "tar.gz",
        "ends without an end mark",
      ));
  });
});
