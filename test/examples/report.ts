export const mochaHooks = {
  /** Prints the last lines of a run: the result of each example. */
  afterAll(): void {
    const width = Math.max(...[...results.keys()].map((name) => name.length));
    const lines = [...results].sort().map(([name, result]) => `  ${name.padEnd(width)} | ${result}`);
    console.log(['', '  Examples', ...lines, ''].join('\n'));
  },
};

const results = new Map<string, string>();

/** Records the result of an example for the table at the end of the run. */
export const report = (name: string, result: string): void => void results.set(name, result);
