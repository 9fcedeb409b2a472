/** Distinct sentences that are kept in mind; there are few, so this is a bound and no limit. */
const MOST = 100;

/**
 * Passes on a sentence unless it was passed on in the last `everyMs`: an outage is one line of the log, however many
 * requests meet it. `now`: milliseconds of a monotonic clock.
 */
export function toldOnce(
  tell: (sentence: string) => void,
  { everyMs = 600_000, now = () => performance.now() }: { everyMs?: number; now?: () => number } = {},
): (sentence: string | undefined) => void {
  const told = new Map<string, number>();
  return (sentence) => {
    if (sentence === undefined || now() < (told.get(sentence) ?? Number.NEGATIVE_INFINITY) + everyMs) return;
    if (told.size >= MOST) told.clear();
    told.set(sentence, now());
    tell(sentence);
  };
}
