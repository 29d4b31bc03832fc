import { packageMutation } from "@prodigy-events/mutation/stryker";

// What parses the values of options.
export default packageMutation({
  mutate: ["src/options/duration.ts", "src/options/size.ts", "src/options/whole-number.ts"],
});
