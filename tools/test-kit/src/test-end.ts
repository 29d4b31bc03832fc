/**
 * Runs `cleanup` when the running vitest test ends. Outside a test (a plain script, a `beforeAll`, a child
 * process that inherited vitest's environment) there is nothing to hook into and `false` is returned.
 */
export async function atTestEnd(cleanup: () => Promise<void>): Promise<boolean> {
  if (process.env.VITEST === undefined) return false;
  try {
    const { onTestFinished } = await import("vitest");
    onTestFinished(cleanup);
    return true;
  } catch {
    return false; // vitest refuses both to load and to register a hook where no test is running
  }
}
