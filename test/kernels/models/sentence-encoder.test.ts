import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "@huggingface/transformers";
import { expect } from "chai";
import { CancelledError, UnknownNameError } from "../../../kernels/errors.ts";
import { embeddedFolder } from "../../../kernels/models/embedded-models.ts";
import { ModelFolderError } from "../../../kernels/models/model-folder.ts";
import { EmptyTextError, loadRetrievalEncoder } from "../../../kernels/models/phantom/retrieval/load-encoder.ts";
import {
  openSentenceEncoder,
  type SentenceEncoder,
  SentenceEncoderError,
} from "../../../kernels/models/sentence-encoder.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { newFolder } from "../onnx/external-model.ts";
import { expectNear } from "../onnx/near.ts";

const TEXTS = ["what does dusken treat?", "which assay confirms halden?", "What does Dusken treat?"];
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

describe("openSentenceEncoder: phantom", () => {
  let encoder: SentenceEncoder;
  before(async () => {
    encoder = await openSentenceEncoder();
  });
  after(() => encoder?.dispose());

  it("is the text tower of the retrieval encoder", async () => {
    const retrieval = await loadRetrievalEncoder();
    try {
      const vectors = await encoder.encode(TEXTS);
      expect(encoder.id).to.equal("phantom");
      for (const [i, text] of TEXTS.entries()) {
        expectNear(vectors[i], [...(await retrieval.text(text))], "logits", text);
        expect(dot(vectors[i], vectors[i])).to.be.closeTo(1, 1e-6);
      }
    } finally {
      await retrieval.dispose();
    }
  });

  it("gives copies: a changed vector changes no later one", async () => {
    const [first] = await encoder.encode([TEXTS[0]]);
    const kept = first.slice();
    first.fill(0);
    expect((await encoder.encode([TEXTS[0]]))[0]).to.deep.equal(kept);
  });

  it("refuses a text without tokens and stops when asked", async () => {
    expect(await encoder.encode([""]).catch((error) => error)).to.be.instanceOf(EmptyTextError);
    expect(await encoder.encode(TEXTS, AbortSignal.abort()).catch((error) => error)).to.be.instanceOf(CancelledError);
  });
});

describe("openSentenceEncoder: names that lead nowhere", () => {
  const failing = (name: string) => openSentenceEncoder(name).catch((error) => error);

  it("offers the nearest name, and says what a name may be", async () => {
    const misspelt = await failing("phantm");
    expect(misspelt).to.be.instanceOf(UnknownNameError);
    expect(misspelt.message).to.contain('did you mean "phantom"?');
    const path = await failing("./no/such/folder");
    expect(path).to.be.instanceOf(SentenceEncoderError);
    expect(path.message).to.match(/"\.\/no\/such\/folder": there is no such folder/);
    expect((await failing("embeddings")).message).to.contain('model.sentenceEncoder("embeddings")');
  });

  const folder = newFolder();
  after(() => rmSync(folder, { recursive: true }));
  const copy = (name: string, ...files: string[]) => {
    mkdirSync(join(folder, name, "onnx"), { recursive: true });
    for (const file of files) copyFileSync(join(embeddedFolder("phantom-retrieval"), file), join(folder, name, file));
    return join(folder, name);
  };

  it("names the file that is missing or damaged", async () => {
    const all = ["onnx/text_model.onnx", "tokenizer.json", "tokenizer_config.json"];
    const bare = await failing(copy("bare"));
    expect(bare).to.be.instanceOf(ModelFolderError);
    expect(bare.message).to.contain('"onnx/model.onnx" is missing');
    expect((await failing(copy("no-tokenizer", all[0]))).message).to.contain('"tokenizer.json" is missing');
    expect((await failing(copy("no-config", all[0], all[1]))).message).to.contain('"tokenizer_config.json" is missing');
    const damaged = copy("damaged", ...all);
    writeFileSync(join(damaged, "config.json"), "{");
    expect((await failing(damaged)).message).to.contain('"config.json" is not valid JSON');
  });

  it("has a digest of its content: the same wherever it lies, another for another tokenizer or other weights", async () => {
    const all = ["onnx/text_model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json"];
    const digestOf = async (path?: string) => {
      const opened = await openSentenceEncoder(path);
      try {
        return await opened.digest();
      } finally {
        await opened.dispose();
      }
    };
    const same = await digestOf(copy("same", ...all));
    expect(await digestOf()).to.equal(same);
    const other = copy("other", ...all);
    const tokenizer = join(other, "tokenizer.json");
    writeFileSync(tokenizer, readFileSync(tokenizer, "utf8").replace('"version"', '"edition":1,"version"'));
    expect(await digestOf(other)).to.not.equal(same);
    const heavier = copy("heavier", ...all);
    const bytes = readFileSync(join(heavier, all[0]));
    const at = bytes.length >> 1; // among the weights, which are nearly all of the file
    bytes[at] ^= 1;
    writeFileSync(join(heavier, all[0]), bytes);
    expect(await digestOf(heavier)).to.not.equal(same);
  });

  it("refuses a graph that is no text encoder", async () => {
    const vision = copy("vision", "tokenizer.json", "tokenizer_config.json");
    copyFileSync(
      join(embeddedFolder("phantom-retrieval"), "onnx/vision_model.onnx"),
      join(vision, "onnx", "model.onnx"),
    );
    expect((await failing(vision)).message).to.contain('"onnx/model.onnx" asks for an input "pixel_values"');
  });
});

const BERT = "models/bert-random-encoderfile";

describeWithShared("openSentenceEncoder: a feature-extraction model", [BERT], () => {
  const TEXTS = ["Is the heart enlarged?", "Where is the lesion, and how large is it?"];
  let encoder: SentenceEncoder;
  before(async () => {
    encoder = await openSentenceEncoder(shared(BERT));
  });
  after(() => encoder?.dispose());

  it("gives what transformers.js's pipeline gives with mean pooling and normalisation, one text at a time or several", async () => {
    const extract = await pipeline("feature-extraction", shared(BERT), {
      local_files_only: true,
      subfolder: "",
      dtype: "fp32",
    });
    try {
      const expected = (await extract(TEXTS, { pooling: "mean", normalize: true })).tolist() as number[][];
      const vectors = await encoder.encode(TEXTS);
      for (const [i, text] of TEXTS.entries()) expectNear(vectors[i], expected[i], "logits", text);
    } finally {
      await extract.dispose();
    }
  });

  it("cuts a text that is longer than the model takes", async () => {
    const long = "the left lung is clear ".repeat(200);
    const [a, b] = await encoder.encode([long, `${long} and more`]);
    expect(a).to.deep.equal(b);
  });

  it("takes the first token's values where the folder says so", async () => {
    const folder = newFolder();
    try {
      for (const file of ["model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json"])
        copyFileSync(shared(BERT, file), join(folder, file));
      mkdirSync(join(folder, "1_Pooling"));
      writeFileSync(join(folder, "1_Pooling", "config.json"), JSON.stringify({ pooling_mode_cls_token: true }));
      const first = await openSentenceEncoder(folder);
      const extract = await pipeline("feature-extraction", shared(BERT), {
        local_files_only: true,
        subfolder: "",
        dtype: "fp32",
      });
      try {
        const expected = (await extract(TEXTS[0], { pooling: "cls", normalize: true })).tolist() as number[][];
        expectNear((await first.encode([TEXTS[0]]))[0], expected[0], "logits", "first token");
      } finally {
        await first.dispose();
        await extract.dispose();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is found by its name in the data folder", async () => {
    const named = await openSentenceEncoder("bert-random-encoderfile");
    try {
      expect(named.id).to.equal("bert-random-encoderfile");
      expect((await named.encode(TEXTS))[1]).to.deep.equal((await encoder.encode(TEXTS))[1]);
    } finally {
      await named.dispose();
    }
  });
});
