import { listRepositories, repositoryOf, resolveRoot } from "@prodigy-events/storage";
import { doctorReport } from "../answers/doctor-report.js";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { checkIndexes } from "../doctor/check-indexes.js";
import { checkStore } from "../doctor/check-store.js";
import {
  checkLocalFiles,
  checkRepository,
  checkTerminal,
  checkVersions,
} from "../doctor/check-surroundings.js";
import { checkWriters } from "../doctor/check-writers.js";
import { brokenBy, type Finding } from "../doctor/finding.js";
import { exitCodes } from "../errors/exit-codes.js";
import { outputFormatOption } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { outputFormatOf } from "../reading/output-choices.js";

const { store, repo } = sourceOptions;
const options = optionTable({ store, repo, ...outputFormatOption });

export const doctor = defineCommand({
  usage: "[options]",
  description:
    "Checks the store, its permissions and free space, who is writing, the terminal and the versions: one line each, " +
    "with what to do. Exits with 1 if something is broken.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "doctor", does: "why are my events not there?" },
    { line: "doctor --output-format json", does: "for a health check" },
  ],
  async run({ values, context }) {
    const { out, terminal } = context;
    const findings = await examine(values, context);
    await out.write(await renderReport(doctorReport(findings), outputFormatOf(values), terminal));
    return findings.some(({ status }) => status === "broken") ? exitCodes.failed : exitCodes.done;
  },
});

async function examine(
  values: Invocation<typeof options>["values"],
  { version, env, cwd, terminal, now }: Invocation<typeof options>["context"],
): Promise<Finding[]> {
  const findings: Finding[] = [
    checkVersions(version, process.version, `${process.platform} ${process.arch}`),
  ];
  const root = resolveRoot({ root: values.store, env });
  const origin = values.store !== undefined ? "--store" : env.PRODIGY_HOME ? "PRODIGY_HOME" : "default";
  const store = await attempt("store", findings, () => checkStore(root, origin));
  findings.push(...(store?.findings ?? []));
  const repository = await repositoryOf(cwd);
  const name = values.repo ?? repository.name;
  if (store?.isUsable) {
    const stored = await attempt("repository", findings, () => listRepositories(root));
    if (values.repo === undefined) {
      findings.push(checkRepository(repository, stored?.find((candidate) => candidate.name === name)?.path));
    }
    await attempt("events", findings, async () => findings.push(...(await checkWriters(root, name, now()))));
    await attempt("index", findings, async () => findings.push(...(await checkIndexes(root, name))));
  }
  await attempt("local files", findings, async () => findings.push(await checkLocalFiles(cwd)));
  findings.push(checkTerminal(terminal, env));
  return findings;
}

/** A check that fails is itself a finding, and the others go on. */
async function attempt<Result>(
  check: string,
  findings: Finding[],
  look: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await look();
  } catch (error) {
    findings.push(brokenBy(check, error));
    return undefined;
  }
}
