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

export default packageBuild(
  { main: "src/main.ts" },
  { dts: false, noExternal: ["yargs", "string-width"], esbuildPlugins: [leaveOutUnusedYargs] },
);
