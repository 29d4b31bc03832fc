import { packageMutation } from "@prodigy-events/mutation/stryker";

// What parses: durations, timestamps and lines.
export default packageMutation({
  mutate: ["src/duration.ts", "src/timestamp.ts", "src/line/decode.ts", "src/line/nesting.ts"],
});
