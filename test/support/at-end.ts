type Step = () => Promise<unknown>;

const onStart: Step[] = [];
const onEnd: Step[] = [];

/**
 * Registers a step that must run before the first test of a run. A run that does not load the registering file skips
 * it.
 */
export const atStart = (step: Step): void => void onStart.push(step);

/** Registers a step that stops or removes something at the end of the whole test run. */
export const atEnd = (step: Step): void => void onEnd.push(step);

/** Runs the start steps in the order of registration. */
export async function runAtStart(): Promise<void> {
  for (const step of onStart.splice(0)) await step();
}

/** Runs the end steps in reverse order of registration. */
export async function runAtEnd(): Promise<void> {
  for (const step of onEnd.splice(0).reverse()) await step();
}
