import { packageMutation } from "@prodigy-events/mutation/stryker";

export default packageMutation({ mutate: ["src/**/*.ts"] });
