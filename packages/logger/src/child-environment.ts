/** The environment variables through which a run spread over many processes stays one. */
export const environmentNames = {
  correlationId: "PRODIGY_CORRELATION_ID",
  repo: "PRODIGY_REPO",
  jobId: "PRODIGY_JOB_ID",
  root: "PRODIGY_HOME",
} as const;

/** What a child process needs to log into the same run. */
export interface RunIdentity {
  readonly correlationId: string;
  readonly repo: string;
  readonly jobId: string | undefined;
  /** The root of the store (absolute). */
  readonly root: string;
}

/** The variables for a child process; to be added to the environment it gets anyway. */
export function childEnvironment({ correlationId, repo, jobId, root }: RunIdentity): Record<string, string> {
  return {
    [environmentNames.correlationId]: correlationId,
    [environmentNames.repo]: repo,
    ...(jobId === undefined ? {} : { [environmentNames.jobId]: jobId }),
    [environmentNames.root]: root,
  };
}

/** What a parent process left for us; an empty variable counts as absent. */
export function inheritedRun(env: NodeJS.ProcessEnv): {
  correlationId: string | undefined;
  repo: string | undefined;
  jobId: string | undefined;
} {
  return {
    correlationId: env[environmentNames.correlationId] || undefined,
    repo: env[environmentNames.repo] || undefined,
    jobId: env[environmentNames.jobId] || undefined,
  };
}
