const onEnd: (() => Promise<void>)[] = [];

/** Registers what the end of the whole test run must stop or remove. */
export const atEnd = (step: () => Promise<void>): void => void onEnd.push(step);

/** Runs those steps, last registered first. */
export async function runAtEnd(): Promise<void> {
  for (const step of onEnd.splice(0).reverse()) await step();
}
