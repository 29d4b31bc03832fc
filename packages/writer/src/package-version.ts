import manifest from "../package.json" with { type: "json" };

/** The version of this package, for the files that say who wrote them. */
export const packageVersion: string = manifest.version;
