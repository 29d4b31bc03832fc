import { packageMutation } from "@prodigy-events/mutation/stryker";

// What parses: instants, time arguments and zones, filters, and patterns of a search.
export default packageMutation({
  mutate: ["src/time/**/*.ts", "src/filter/**/*.ts", "src/search/**/*.ts"],
});
