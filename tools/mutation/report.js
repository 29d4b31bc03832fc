/** A mutant that a test noticed, by failing or by never ending. */
const noticed = new Set(["Killed", "Timeout"]);
/** A mutant that all tests let pass, or that none reaches. */
const missed = new Set(["Survived", "NoCoverage"]);

/** Of all mutants that could be judged, the share that a test noticed, in per cent. */
export function scoreOf(files) {
  const statuses = files.flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (set) => statuses.filter((status) => set.has(status)).length;
  const [killed, survived] = [count(noticed), count(missed)];
  return { killed, survived, score: killed + survived === 0 ? 100 : (100 * killed) / (killed + survived) };
}

/** A Markdown table: a row for each package, and under it one for each folder of its source. */
export function tableOf(reports) {
  const rows = reports.flatMap(({ name, files }) => [
    rowOf(`**${name}**`, Object.values(files)),
    ...[...byFolder(files)].map(([folder, inFolder]) => rowOf(`${name}/${folder}`, inFolder)),
  ]);
  const all = reports.flatMap(({ files }) => Object.values(files));
  return [
    "| source | mutants | noticed | not noticed | score |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
    rowOf("**all**", all),
    "",
  ].join("\n");
}

/** Where each mutant is that no test noticed, and what it puts in the place of what. */
export function survivorsOf({ directory, files }) {
  return Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants
      .filter(({ status }) => missed.has(status))
      .map(({ location: { start, end }, replacement, status, mutatorName }) => {
        const lines = source.split("\n");
        const original =
          start.line === end.line
            ? lines[start.line - 1].slice(start.column - 1, end.column - 1)
            : `${lines[start.line - 1].slice(start.column - 1)} …`;
        const place = `${directory}/${path}:${start.line}:${start.column}`;
        return `${place} ${status} ${mutatorName}: ${original} → ${replacement}`;
      }),
  );
}

function byFolder(files) {
  const folders = new Map();
  for (const [path, file] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const folder = path.split("/").slice(0, -1).join("/");
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

function rowOf(title, files) {
  const { killed, survived, score } = scoreOf(files);
  return `| ${title} | ${killed + survived} | ${killed} | ${survived} | ${score.toFixed(1)} % |`;
}
