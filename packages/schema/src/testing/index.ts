export { eventFactories } from "./event-factories.js";
export { anEvent, aRecord, type RecordFactory, type RecordOverrides, recordFactory } from "./factories.js";
