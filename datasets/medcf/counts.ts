/** What the published file of a split has. Lists are in the order of the split's locality kinds. */
export interface SplitCounts {
  records: number;
  repeated?: number;
  conflicting?: number;
  mostTargets?: number;
  targetIsAnswer?: number;
  /** Own prompt equal to the locality prompt of each kind, and to any. */
  own?: readonly number[];
  ownAny: number;
  /** Locality prompt of each kind equal to some edit prompt, and any of them. */
  some?: readonly number[];
  someAny?: number;
  /** Relation templates. */
  templates?: number;
  /** Prompts of the split that train has too. */
  alsoInTrain?: number;
  /** Records of MedCF that the filter of MedCF++ leaves out. */
  leftOut?: number;
}

export const MEDCF_COUNTS: Readonly<Record<string, SplitCounts>> = {
  train: {
    records: 2408,
    repeated: 480,
    conflicting: 273,
    mostTargets: 8,
    targetIsAnswer: 9,
    own: [1, 151, 9, 2],
    ownAny: 161,
    some: [511, 349, 598, 940],
    someAny: 1534,
  },
  valid: {
    records: 818,
    repeated: 74,
    conflicting: 55,
    mostTargets: 4,
    targetIsAnswer: 2,
    own: [1, 42, 5, 0],
    ownAny: 47,
    some: [89, 95, 101, 164],
    someAny: 326,
    templates: 17,
  },
  test: {
    records: 802,
    repeated: 71,
    conflicting: 58,
    mostTargets: 5,
    targetIsAnswer: 4,
    own: [0, 46, 1, 0],
    ownAny: 47,
    some: [79, 80, 100, 121],
    someAny: 280,
    templates: 17,
    alsoInTrain: 236,
  },
  test_new: { records: 802, own: [0, 0, 0], ownAny: 0 },
};

export const MEDCF_PLUS_COUNTS: Readonly<Record<string, SplitCounts>> = {
  train: {
    records: 2247,
    repeated: 461,
    conflicting: 258,
    mostTargets: 8,
    targetIsAnswer: 9,
    own: [0, 0, 0, 0],
    ownAny: 0,
    some: [494, 197, 544, 880],
    someAny: 1341,
    leftOut: 161,
  },
  valid: { records: 771, own: [0, 0, 0, 0], ownAny: 0, leftOut: 47 },
  test: {
    records: 755,
    repeated: 71,
    conflicting: 58,
    mostTargets: 5,
    targetIsAnswer: 4,
    own: [0, 0, 0, 0],
    ownAny: 0,
    some: [78, 34, 91, 115],
    someAny: 226,
    templates: 17,
    alsoInTrain: 227,
    leftOut: 47,
  },
};
