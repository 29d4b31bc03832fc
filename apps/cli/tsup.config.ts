import { packageBuild } from "@prodigy-events/build-config/tsup";

/**
 * Of yargs the program uses the parser alone. Imported as a package it loads everything else of yargs too, which
 * takes longer than all the rest of the start. So it is bundled, and what the parser does not need is left out: the
 * modules of yargs have no side effects, they only do not say so.
 */
const leaveOutUnusedYargs = {
  name: "leave-out-unused-yargs",
  setup(build) {
    build.onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "resolved" || !/[\\/]yargs[\\/]/.test(from.importer)) return undefined;
      return { ...(await build.resolve(path, { ...from, pluginData: "resolved" })), sideEffects: false };
    });
  },
};

/**
 * Our own packages are bundled too: found by name at every start they cost more than they do to run. Everything of
 * the program comes out of this one build, so that no class exists twice. They stay dependencies in `package.json`,
 * so that a release of one of them brings a release of the program.
 */
const bundled = {
  dts: false,
  minify: true,
  noExternal: ["yargs", "string-width", /^@prodigy-events\//],
  esbuildPlugins: [leaveOutUnusedYargs],
};

/**
 * The code of worker threads lies beside the rest, where `@prodigy-events/query` looks for it. It is a file by itself: what it
 * shared with the program would be further files, for which every start would pay.
 */
export default [
  packageBuild({ main: "src/main.ts" }, bundled),
  packageBuild({ "scan-worker": "src/scan-worker.ts" }, { ...bundled, clean: false, splitting: false }),
];
