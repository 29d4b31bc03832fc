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

/** How much a file may give: on every command that reads records. */
export const inflateOption = optionTable({
  "max-inflate": {
    kind: "text",
    value: "SIZE",
    group,
    summary: "how much is read of one compressed file [default: 4GiB]",
  },
});
