/** A record with the eleven shared fields; everything in it is invented. */
export const visualRecord = (number: number, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  src: "Which organ is shown?",
  rephrase: "What organ can be seen?",
  pred: `velum ${number}`,
  alt: "the corda",
  image: `images/${number}.png`,
  image_rephrase: `images/${number}b.png`,
  loc: `which river is number ${number}`,
  loc_ans: "Orrin",
  m_loc: `images/${number}c.png`,
  m_loc_q: "What colour is the boat?",
  m_loc_a: "green",
  ...fields,
});
