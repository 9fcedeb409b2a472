/**
 * Ends this process in order at the first SIGTERM or SIGINT, or when the returned function is called: exit code 0 after
 * `stop`, 1 when that failed. A second signal ends it at once, as without a handler.
 */
export function endInOrder(
  stop: (reason: string) => Promise<void>,
  onFailure: (error: unknown) => void,
): (reason: string) => void {
  let ending = false;
  const end = (reason: string): void => {
    if (ending) return;
    ending = true;
    stop(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        onFailure(error);
        process.exit(1);
      },
    );
  };
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    for (const each of signals) process.off(each, onSignal);
    end(signal);
  };
  for (const each of signals) process.on(each, onSignal);
  return end;
}
