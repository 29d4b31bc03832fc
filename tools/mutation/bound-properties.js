/**
 * Run before the tests that judge mutants: a property is tried for a quarter of a second, however many values it asks for. A
 * mutant that a property can notice nearly always fails at one of the first, and the others cost all of them every time.
 */
import fc from "fast-check";

fc.configureGlobal({ interruptAfterTimeLimit: 250, markInterruptAsFailure: false });
