import { packageMutation } from "@prodigy-events/mutation/stryker";

// What answers a reader, down to the gzip members that compression has made.
export default packageMutation({
  mutate: ["src/reading/**/*.ts", "src/gzip/**/*.ts", "src/compression/**/*.ts"],
});
