// To add a benchmark: one entry below. Addresses are pinned to a commit; digests are those of the published files.
import type { BenchmarkSource, GitPlace, HubPlace, SourceFile } from "./source.ts";
import { vqaRadImages } from "./vqa-rad-images.ts";

const git =
  (repository: string, commit: string) =>
  (path: string): GitPlace => ({ kind: "git", repository, commit, path });
const hub =
  (dataset: string, revision: string) =>
  (path: string): HubPlace => ({ kind: "hub", dataset, revision, path });

const medrek = git("mylittleriver/MedREK", "3f3f9c81e3169bb3841d40f09cfce853e46728b1");
const medlasa = git("quqxui/MedLaSA", "6b579f491520b953773c434aa5f11f832c0f72d2");
const recipe = git("qizhou000/RECIPE", "61cbd27ef55639b1e3ed5f9128f6b929c7ade269");
const mediconfusion = git("MShahabSepehri/MediConfusion", "40a8b41970e9d858deb09a2ee00a9caddfd6635b");
const vlkeb = hub("HymanH/VLKEB-data", "main");
const slake = hub("BoKelvin/SLAKE", "a9083ce6c34ac3ffb17671a605962924d8a8f9e9");
const fgvedit = hub("ZhenZeng/FGVEdit", "main");

const medcfValid: SourceFile = {
  to: "valid.json",
  from: [medlasa("MedCF/valid.json")],
  bytes: 788_672,
  sha256: "5f86243108eb3406144ef898c7b299b132b749d1720bafd296b627ba8a3245fc",
};

/** The records of MedCF without those whose own prompt is one of their locality prompts: MedCF++. */
const medcfSingle: readonly SourceFile[] = [
  {
    to: "train_single.json",
    from: [
      medrek("medrek/data/meta-train/medcf/train_single.json"),
      medrek("RECIPE/data/meta-train/medcf/train_single.json"),
    ],
    sha256: "cf356745334cb09f",
  },
  {
    to: "test_single.json",
    from: [medrek("medrek/data/evaluation/medcf/test_single.json")],
    bytes: 679_830,
    sha256: "c976028383bf805235bfa75835b59112c547674ffce73bc447488ad4e5f882e4",
  },
];

const NO_LICENCE =
  "No licence is stated where it is published: it is not yours to pass on, and what you may do with it depends on where you are.";
const COCO =
  "The images are from COCO 2014: photographs under their Flickr owners' licences (https://cocodataset.org/#termsofuse).";

export const sources = {
  counterfact: {
    title: "CounterFact in the form of EasyEdit (Meng et al., NeurIPS 2022)",
    licence: "MIT (the repository it is taken from, qizhou000/RECIPE)",
    terms: "The original data are MIT as well, by their authors' repository.",
    files: [
      {
        to: "counterfact-edit.json",
        from: [recipe("data/evaluation/cf/counterfact-edit.json")],
        bytes: 3_850_774,
        sha256: "c31a07f7eb3d37e4acdaa284f0926a40d5a9340ca115141e0d026c79425bea56",
      },
    ],
    byHand: [],
  },
  fgvedit: {
    title: "FGVEdit (Zeng et al., ICCV 2025)",
    licence: "not stated",
    terms: `${NO_LICENCE} It is derived from VQAv2 and Natural Questions, whose terms apply.`,
    files: [
      { to: "train_data.json", from: [fgvedit("train_data.json")] },
      { to: "test_data.json", from: [fgvedit("test_data.json")] },
    ],
    byHand: [
      {
        what: "the images train2014 (13 GB) and val2014 (6 GB)",
        from: "https://cocodataset.org/#download",
        how: `Download "2014 Train images" and "2014 Val images" and unpack both below images/. ${COCO}`,
        put: [{ to: "images/train2014" }, { to: "images/val2014" }],
      },
    ],
  },
  medcf: {
    title: "MedCF (Xu et al., MedLaSA, 2024; the filtered files from MedREK, 2025)",
    licence: "not stated",
    terms: NO_LICENCE,
    files: [
      { to: "train.json", from: [medlasa("MedCF/train.json")], sha256: "55a780c14d7709b3" },
      medcfValid,
      {
        to: "test.json",
        from: [medlasa("MedCF/test.json")],
        bytes: 772_340,
        sha256: "6c14f471352dab5af72322e12652580904f1ccc9327d6fba62338bf23c40a243",
      },
      ...medcfSingle,
      {
        to: "test_new.json",
        from: [medrek("medrek/data/evaluation/medcf/test_new.json")],
        sha256: "85873c6ccb08639d",
      },
    ],
    byHand: [],
  },
  "medcf++": {
    title: "MedCF++ (MedREK, 2025), filtered from MedCF (Xu et al., MedLaSA, 2024)",
    licence: "not stated",
    terms: `${NO_LICENCE} valid.json is MedCF's, which medke filters when it reads it.`,
    files: [...medcfSingle, medcfValid],
    byHand: [],
  },
  medfe: {
    title: "MedFE (Xu et al., MedLaSA, 2024)",
    licence: "not stated",
    terms: `${NO_LICENCE} The training file was not published.`,
    files: [
      {
        to: "test.json",
        from: [medlasa("MedFE/test.json")],
        bytes: 1_666_900,
        sha256: "01d452821c7e1e7a4461a10edf6f27393ada22f7469a7268ca0cadd85bb3389f",
      },
      { to: "valid.json", from: [medlasa("MedFE/valid.json")], sha256: "218cbcf0c076c59d" },
    ],
    byHand: [],
  },
  mediconfusion: {
    title: "MediConfusion (Sepehri et al., ICLR 2025)",
    licence: "questions MIT (badge of the repository); every image under its own article's licence",
    terms:
      "The 228 images are figures of 219 articles in PubMed Central. Their licences (CC BY, CC BY-NC and others) are recorded beside them in images/licences.json; read them before you show or pass on an image.",
    files: [
      {
        to: "dataset.json",
        from: [mediconfusion("data/dataset.json")],
        bytes: 222_311,
        sha256: "36e5052ebe370aac7446f29cb1425fa47b1795b40e2e7a72462c93b5472c0d5f",
      },
      {
        to: "image_dict.json",
        from: [mediconfusion("data/image_dict.json")],
        bytes: 48_643,
        sha256: "dc7a872449cb9d48ac3f53764fee6261b59d001b8bd403d9cfeddf3e29d6cea9",
      },
      {
        to: "dataset.csv",
        from: [mediconfusion("data/dataset.csv")],
        bytes: 138_095,
        sha256: "d99702d0140ecfccd00603251e65846ccc8dafe6ffc0f34d4e90c284d591a2e9",
      },
    ],
    figures: { manifest: "image_dict.json", count: 228, to: "images" },
    byHand: [],
  },
  medmkeb: {
    title: "MedMKEB (Xu et al., AAAI 2026)",
    licence: "not stated; the images are from GMAI-MMBench, which is gated",
    terms: NO_LICENCE,
    files: [],
    byHand: [
      {
        what: "the records",
        from: "https://github.com/pkusixspace/MedMKEB",
        how: "Follow the README to the data files. The attack file is optional.",
        put: [{ to: "train_data.json" }, { to: "eval_data_threehop_final.json" }, { to: "eval_data_attack.json" }],
      },
      {
        what: "the images",
        from: "https://huggingface.co/datasets/OpenGVLab/GMAI-MMBench",
        how: "Sign in, accept the terms, download, and keep the paths that the records name.",
        put: [{ to: "images" }],
      },
    ],
  },
  medversa: {
    title: "MedVersa (MedREK, 2025)",
    licence: "not stated",
    terms: `${NO_LICENCE} The questions are derived from MedMCQA.`,
    files: [
      {
        to: "train.json",
        from: [medrek("medversa/train.json"), medrek("medrek/data/medversa/train.json")],
        bytes: 1_803_646,
        sha256: "4d1e53cab2717d7c4e1f47c79612c3278ebd65a859fc2e595e3ef40aa708d48b",
      },
      {
        to: "valid.json",
        from: [medrek("medversa/valid.json"), medrek("medrek/data/medversa/valid.json")],
        bytes: 1_199_966,
        sha256: "c171939a4c851a40256a6237d85d3dc97cf1ae2fe101de345edcd93a607c694f",
      },
      {
        to: "test.json",
        from: [medrek("medversa/test.json"), medrek("medrek/data/medversa/test.json")],
        sha256: "5a552e56082aa696",
      },
    ],
    byHand: [],
  },
  mmedit: {
    title: "MMEdit E-VQA (Cheng et al., EMNLP 2023)",
    licence: "MIT (repository); the images keep the terms of COCO, the questions those of VQAv2 and OK-VQA",
    terms: COCO,
    files: [],
    byHand: [
      {
        what: "the records and the generated images (val2014_image_rephrase)",
        from: "https://github.com/zjunlp/EasyEdit/blob/main/examples/MMEdit.md",
        how: "Follow the links to the shared folder and keep the folders as they are there.",
        put: [
          { to: "vqa/vqa_train.json", sha256: "82e242bd7fd3ab85" },
          { to: "vqa/vqa_eval.json", sha256: "7299743ebe2854b2" },
          { to: "val2014_image_rephrase" },
        ],
      },
      {
        what: "the images val2014 (6 GB)",
        from: "https://cocodataset.org/#download",
        how: 'Download "2014 Val images" and unpack it here.',
        put: [{ to: "val2014" }],
      },
    ],
  },
  slake: {
    title: "SLAKE (Liu et al., ISBI 2021)",
    licence: "CC BY 4.0 (dataset card on the hub; none stated with the files themselves)",
    terms: "Give credit to its authors.",
    files: [
      { to: "train.json", from: [slake("train.json")], aboutBytes: 2_960_000, sha256: "7a9fb81f9d7bb145" },
      { to: "validate.json", from: [slake("validation.json")], aboutBytes: 639_000, sha256: "32b016440b0c3be1" },
      { to: "test.json", from: [slake("test.json")], aboutBytes: 636_000, sha256: "6be8f7b4c5a46cdb" },
      {
        to: "imgs.zip",
        from: [slake("imgs.zip")],
        aboutBytes: 212_000_000,
        images: true,
        unpack: { format: "zip", into: "imgs", atMostBytes: 4 * 2 ** 30, atMostEntries: 20_000 },
      },
    ],
    byHand: [],
  },
  vlkeb: {
    title: "VLKEB (Huang et al., NeurIPS 2024)",
    licence: "BSD-3-Clause (LICENSE.txt, which comes with the files)",
    terms: "The images were collected by web search and keep their owners' rights.",
    files: [
      {
        to: "LICENSE.txt",
        from: [vlkeb("LICENSE.txt")],
        aboutBytes: 1_500,
        sha256: "f293354dd13a835ad82e128b52ea3971b2f939bbd516b566609d4fde2a98d1c7",
      },
      { to: "train.json", from: [vlkeb("train.json")], aboutBytes: 2_620_000 },
      {
        to: "eval.json",
        from: [vlkeb("eval.json")],
        aboutBytes: 1_660_000,
        sha256: "72c47efe00773bb16cd83258aff394a0894b8c29a6b02e6250717a30d1b18f13",
      },
      { to: "eval_multihop.json", from: [vlkeb("eval_multihop.json")], aboutBytes: 6_820_000 },
      {
        to: "eval_edit_onehop.json",
        from: [vlkeb("eval_edit_onehop.json")],
        aboutBytes: 1_030_000,
        sha256: "f32256e7c317d5a1",
      },
      {
        to: "VLKEB_images.tar.gz",
        from: [vlkeb("VLKEB_images.tar.gz")],
        aboutBytes: 2_650_000_000,
        images: true,
        unpack: { format: "tar.gz", into: "VLKEB_images", atMostBytes: 16 * 2 ** 30, atMostEntries: 100_000 },
      },
    ],
    byHand: [],
  },
  "vqa-rad": {
    title: "VQA-RAD (Lau et al., Scientific Data 2018)",
    licence: "CC0 1.0 (dataset card)",
    terms: "The images are from MedPix. Some show a name or a hospital: do not show those in public.",
    files: vqaRadImages,
    byHand: [
      {
        what: "the questions, split into training and test set",
        from: "https://github.com/aioz-ai/MICCAI19-MedVQA",
        how: 'Download "RAD dataset" as its README says, and take the two files from it. The unsplit original is at https://osf.io/89kps/.',
        put: [
          { to: "trainset.json", sha256: "0c3c6ea65481e51d8c5f84d24bda82fc017e870aa20a710d50a976e748e1cf15" },
          { to: "testset.json", sha256: "149650b720eee2f868616e5a5d69045640b5fc3340cd2d92993ab8612cf28431" },
        ],
      },
    ],
  },
} satisfies Record<string, BenchmarkSource>;

export type FetchableName = keyof typeof sources;
