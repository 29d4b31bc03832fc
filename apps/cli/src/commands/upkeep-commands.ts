/*
 * The commands that check, change or describe a store. Apart, each would add files that hold what only it shares with
 * some of the others, and the commands that read would have to find all of those.
 */
export { clean } from "./clean.js";
export { doctor } from "./doctor.js";
export { emit } from "./emit.js";
export { repair } from "./repair.js";
export { restore } from "./restore.js";
export { scan } from "./scan.js";
export { schema } from "./schema.js";
export { index } from "./segment-index.js";
export { verify } from "./verify.js";
