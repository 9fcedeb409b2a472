/** The maximum number of remembered sentences. There are few in practice; this only bounds memory. */
const MOST = 100;

/**
 * Logs a sentence unless it was logged in the last `everyMs` milliseconds (defaults to 10 minutes), so that an outage
 * produces one log line, however many requests it affects. `now` returns milliseconds of a monotonic clock.
 */
export function suppressRepeats(
  log: (sentence: string) => void,
  { everyMs = 600_000, now = () => performance.now() }: { everyMs?: number; now?: () => number } = {},
): (sentence: string | undefined) => void {
  const passedOn = new Map<string, number>();
  return (sentence) => {
    if (sentence === undefined || now() < (passedOn.get(sentence) ?? Number.NEGATIVE_INFINITY) + everyMs)
      return;
    if (passedOn.size >= MOST) passedOn.clear();
    passedOn.set(sentence, now());
    log(sentence);
  };
}
