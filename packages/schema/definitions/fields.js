import { Type } from "@sinclair/typebox";

/**
 * The kinds of field that several event types share, each with its description. Only the build reads this
 * folder: `scripts/generate.js` turns it into validators and JSON Schema files, and a type test holds it equal
 * to the interfaces in `src/payloads`.
 */

/** @param {string} description */
export const text = (description) => Type.String({ description });

/** @param {string} description */
export const count = (description) => Type.Integer({ minimum: 0, description });

/** @param {string} description */
export const instant = (description) => Type.String({ format: "date-time", description });

/**
 * @param {string} description
 * @returns {import("@sinclair/typebox").TUnsafe<readonly string[]>}
 */
export const textList = (description) => Type.Unsafe(Type.Array(Type.String(), { description }));

/**
 * @param {string} description
 * @returns {import("@sinclair/typebox").TUnsafe<Record<string, unknown>>}
 */
export const freeObject = (description) => Type.Unsafe(Type.Object({}, { description }));

/** @param {string} description */
export const duration = (description) =>
  Type.Object(
    {
      secs: Type.Integer({ minimum: 0, description: "Whole seconds." }),
      nanos: Type.Integer({
        minimum: 0,
        maximum: 999_999_999,
        description: "Nanoseconds within the second.",
      }),
    },
    { description },
  );

export const jobId = text("The job that the event belongs to.");
export const agentId = text("The agent that the event is about.");
export const itemId = text("The work item that the event is about.");
export const error = text("What went wrong, as the failing step reported it.");
export const attempt = Type.Integer({
  minimum: 1,
  description: "Which try of the item this is; the first is 1.",
});
export const checkpointVersion = count("The version of the checkpoint; it grows by one with each save.");
export const logLocation = text("Path of the JSON log of the Claude session.");
export const ownInstant = instant("When it happened, as the producer's own clock had it (RFC 3339).");
