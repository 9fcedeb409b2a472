/** A request that was sent to one server to see whether it serves. Times are those of `performance.now()`. */
export interface Probe {
  server: number;
  sentAt: number;
  answeredAt: number;
  isGood: boolean;
}

/**
 * The longest time in seconds that a server did not serve: from the moment when the first request was sent that failed
 * to the first good response of one that was sent after it. Of several servers, the one that was away longest counts.
 * Requests that fail at the end count until the last of their responses.
 */
export function longestOutage(probes: readonly Probe[]): number {
  let longest = 0;
  for (const own of Map.groupBy(probes, ({ server }) => server).values()) {
    let since: number | undefined;
    for (const { sentAt, answeredAt, isGood } of own.toSorted((one, other) => one.sentAt - other.sentAt)) {
      if (!isGood) since ??= sentAt;
      if (since !== undefined) longest = Math.max(longest, answeredAt - since);
      if (isGood) since = undefined;
    }
  }
  return longest / 1000;
}
