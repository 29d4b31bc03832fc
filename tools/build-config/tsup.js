import { defineConfig } from "tsup";

/**
 * The build of every package: ESM for the oldest Node we support, with types and source maps.
 * `entry` maps the name of an output file in `dist/` to its source file.
 */
export function packageBuild(entry = { index: "src/index.ts" }, overrides = {}) {
  return defineConfig({
    entry,
    format: ["esm"],
    target: "node20.19",
    platform: "node",
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    ...overrides,
  });
}
