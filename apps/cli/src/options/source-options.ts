import { optionTable } from "../arguments/option-table.js";

const group = "Where to read";

/** Where events are read from: the same on every command that reads. */
export const sourceOptions = optionTable({
  file: {
    kind: "paths",
    value: "PATH...",
    group,
    summary: "files, globs or directories to read instead of the store; - is standard input",
  },
  store: {
    kind: "text",
    value: "DIR",
    group,
    summary: "the store [default: $PRODIGY_HOME, else ~/.prodigy]",
  },
  repo: {
    kind: "text",
    value: "NAME",
    group,
    summary: "the repository [default: the one of the working directory]",
  },
  "all-repos": { kind: "flag", group, summary: "every repository of the store" },
});

const effortGroup = "How to read";

/** How much a file may give: on every command that reads records. */
export const inflateOption = optionTable({
  "max-inflate": {
    kind: "text",
    value: "SIZE",
    group: effortGroup,
    summary: "how much is read of one compressed file [default: 4GiB]",
  },
});

/** By what means segments are read, which changes no answer: on every command that answers and ends. */
export const effortOptions = optionTable({
  ...inflateOption,
  threads: {
    kind: "text",
    value: "N",
    group: effortGroup,
    summary: "scan with so many threads [default: one for each processor]",
  },
  "no-index": { kind: "flag", group: effortGroup, summary: "neither use nor make indexes of segments" },
  explain: { kind: "flag", group: effortGroup, summary: "say on standard error what was read, and how" },
});
