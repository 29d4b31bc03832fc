/*
 * The commands that read records. They share nearly everything, so that together they load faster than each with
 * the parts that it shares with each other one.
 */
export { exportRecords } from "./export.js";
export { follow } from "./follow.js";
export { jobs } from "./jobs.js";
export { ls } from "./ls.js";
export { search } from "./search.js";
export { show } from "./show.js";
export { stats } from "./stats.js";
