import { expect } from "chai";
import {
  parseEvaluation,
  readEvaluation,
  ResultDocumentError,
} from "../../../../kernels/evaluation/tables/read-evaluation.ts";
import { oracleDocument } from "../result-documents.ts";

describe("readEvaluation", () => {
  let text: string;
  before(async () => (text = JSON.stringify(await oracleDocument(2))));
  const broken = (change: (document: Record<string, unknown>) => void) => () => {
    const document = JSON.parse(text);
    change(document);
    return parseEvaluation(JSON.stringify(document), "r.json");
  };

  it("reads what medke evaluate --json prints", () => {
    expect(parseEvaluation(`\uFEFF${text}\n`, "r.json").cases).to.have.length(2);
  });

  it("refuses broken JSON, another document, and fields that are missing, each by name", () => {
    expect(() => parseEvaluation(text.slice(0, -20), "r.json")).to.throw(
      ResultDocumentError,
      /^r\.json: broken JSON \(/,
    );
    expect(() => parseEvaluation("[]", "r.json")).to.throw(/r\.json: the document: expected one object/);
    expect(() => parseEvaluation('{"cells": []}', "n.ipynb")).to.throw(
      /n\.ipynb: model: expected a text\. This is no document/,
    );
    expect(broken((d) => delete d.cases)).to.throw(/cases: expected a list/);
    expect(broken((d) => (d.seed = "0"))).to.throw(/seed: expected a whole number/);
    expect(broken((d) => ((d.rows as { ci: unknown }[])[1].ci = [0]))).to.throw(
      /rows\[1\]\.ci: expected a 95% interval/,
    );
    expect(broken((d) => ((d.rows as { value: unknown }[])[0].value = null))).to.throw(
      /rows\[0\]\.value: expected a finite/,
    );
    expect(broken((d) => ((d.rows as { metric: unknown }[])[0].metric = "toString"))).to.throw(
      /rows\[0\]\.metric "toString": expected one of reliability/,
    );
    expect(broken((d) => (d.cases = [{ id: 3 }]))).to.throw(/cases\[0\]: expected a case with id and probes/);
  });

  it("names the file that is not there", async () => {
    let failure: unknown;
    await readEvaluation("nowhere/results.json").catch((error) => (failure = error));
    expect(failure).to.be.instanceOf(ResultDocumentError);
    expect((failure as Error).message).to.match(/^nowhere\/results\.json: cannot be read \(ENOENT/);
  });
});
