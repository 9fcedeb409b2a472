/** The time for jobs, pools and the last metrics, in addition to the time for requests in progress. */
export const END_GRACE_MS = 5000;

/**
 * Shuts this process down gracefully at the first SIGTERM or SIGINT, or when the returned function is called. The exit
 * code is 0 after `stop`. It is 1 if `stop` failed or took longer than `withinMs`; `onFailure` receives the error.
 *
 * A second signal ends the process immediately, as without a handler.
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
