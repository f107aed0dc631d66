// A text that is cut out of a segment's text keeps all of it in memory. What outlives the segment is copied.

/** The same text, which refers to no other one. */
export const ownText = (text: string): string => Buffer.from(text).toString();
