/** Beyond the time for requests in flight: for jobs, the pools and the last numbers. */
export const END_GRACE_MS = 5000;

/**
 * Ends this process in order at the first SIGTERM or SIGINT, or when the returned function is called: exit code 0 after
 * `stop`, 1 when that failed or took longer than `withinMs`, and `onFailure` has the reason. A second signal ends it at
 * once, as without a handler.
 */
export function endInOrder(
  stop: (reason: string) => Promise<void>,
  onFailure: (error: unknown) => void,
  { withinMs }: { withinMs?: number } = {},
): (reason: string) => void {
  let ending = false;
  const fail = (error: unknown): void => {
    onFailure(error);
    process.exit(1);
  };
  const end = (reason: string): void => {
    if (ending) return;
    ending = true;
    if (withinMs !== undefined)
      setTimeout(() => fail(new Error(`not stopped within ${withinMs} ms`)), withinMs).unref();
    stop(reason).then(() => process.exit(0), fail);
  };
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    for (const each of signals) process.off(each, onSignal);
    end(signal);
  };
  for (const each of signals) process.on(each, onSignal);
  return end;
}
