import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild();
