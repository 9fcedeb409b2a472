/** Distinct sentences that are remembered; there are few, so this is a bound and no limit. */
const MOST = 100;

/**
 * Passes on a sentence unless it was passed on in the last `everyMs`: an outage is one line of the log, however many
 * requests meet it. `now`: milliseconds of a monotonic clock.
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
