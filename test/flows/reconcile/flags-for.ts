import {STEP_FLAGS, type StepName} from "../../../src/cli/reconcile/step-flags.js";

/** Of these flags, by name, the ones that a step takes, as words of a command line. */
export function flagsFor(step: StepName, flags: Readonly<Record<string, string>>): string[] {
  return Object.entries(flags)
    .filter(([name]) => STEP_FLAGS[step].includes(name))
    .flatMap(([name, value]) => [`--${name}`, value]);
}
