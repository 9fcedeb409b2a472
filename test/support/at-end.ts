type Step = () => Promise<unknown>;

const onStart: Step[] = [];
const onEnd: Step[] = [];

/** Registers what the test run needs before its first test; a run that loads no such file does without. */
export const atStart = (step: Step): void => void onStart.push(step);

/** Registers what the end of the whole test run must stop or remove. */
export const atEnd = (step: Step): void => void onEnd.push(step);

/** Runs the steps of the start, in order. */
export async function runAtStart(): Promise<void> {
  for (const step of onStart.splice(0)) await step();
}

/** Runs the steps of the end, last registered first. */
export async function runAtEnd(): Promise<void> {
  for (const step of onEnd.splice(0).reverse()) await step();
}
