// Paths around (0, 0), of about equal area.
const MARKERS = [
  "M-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0Z",
  "M-3.6,-3.6H3.6V3.6H-3.6Z",
  "M0,-4.8L4.8,3.6H-4.8Z",
  "M0,-5L5,0L0,5L-5,0Z",
  "M0,4.8L4.8,-3.6H-4.8Z",
  "M-1.6,-4.6H1.6V-1.6H4.6V1.6H1.6V4.6H-1.6V1.6H-4.6V-1.6H-1.6Z",
  "M0,-5.2L1.5,-1.7L5.2,-1.6L2.3,0.8L3.2,4.4L0,2.4L-3.2,4.4L-2.3,0.8L-5.2,-1.6L-1.5,-1.7Z",
  "M-4.4,-4.4H4.4L-4.4,4.4H4.4Z",
];

/** The mark at place `index` of the looks of editors, as a path around (0, 0). */
export const editorMarker = (index: number): string => MARKERS[index % MARKERS.length];
