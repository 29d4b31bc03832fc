/** The limits of this package, each with its reason. */
export const limits = {
  /**
   * Nesting depth of a line, the record itself being 1. Readers refuse deeper lines and writers do not produce
   * them: `JSON.stringify` overflows the stack at some 5,000, and no honest event comes near.
   */
  maxDepth: 256,
  /** Characters of free text (an error, a message) in a summary: what fits on a line beside the ids. */
  maxSummaryTextLength: 120,
  /** Characters of an offending value that an issue shows: enough to recognise it, too few to leak it. */
  maxReceivedLength: 40,
  /** Fields of an unknown event that its generic summary shows. */
  maxSummaryFields: 4,
  /** Calls of a foreign validator while it is probed for being asynchronous: bounds the time of a declaration. */
  maxProbeCalls: 300,
} as const;
