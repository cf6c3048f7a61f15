/** Discipline, edits of train, valid and test, and edits and locality items of all three together. */
const TABLE: readonly (readonly [string, number, number, number, number])[] = [
  ["Anatomy", 307, 205, 102, 1347],
  ["Physiology", 294, 196, 97, 1209],
  ["Microbiology", 292, 195, 98, 1222],
  ["Surgery", 290, 194, 96, 1202],
  ["Social & Preventive Medicine", 287, 191, 96, 1196],
  ["Forensic Medicine", 282, 187, 94, 814],
  ["Gynaecology & Obstetrics", 282, 187, 94, 977],
  ["Ophthalmology", 277, 185, 92, 953],
  ["Pediatrics", 275, 183, 92, 793],
  ["ENT", 274, 183, 91, 723],
  ["Pathology", 30, 21, 10, 315],
  ["Medicine", 27, 19, 9, 325],
  ["Pharmacology", 23, 16, 8, 246],
  ["Biochemistry", 19, 13, 6, 237],
  ["Orthopaedics", 12, 8, 4, 113],
  ["Radiology", 9, 5, 3, 98],
  ["Psychiatry", 7, 5, 3, 77],
  ["Anaesthesia", 5, 3, 2, 56],
  ["Dental", 5, 3, 2, 53],
  ["Skin", 3, 1, 1, 44],
];

const column = (at: 1 | 2 | 3 | 4) => Object.fromEntries(TABLE.map((row) => [row[0], row[at]]));

/** Published number of records of each discipline, by split; "pool" counts edits and locality items of all splits. */
export const SUBJECTS: Readonly<Record<string, Record<string, number>>> = {
  train: column(1),
  valid: column(2),
  test: column(3),
  pool: column(4),
};
