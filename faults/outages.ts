/** A request that checks whether one server is available. Times are those of `performance.now()`. */
export interface Probe {
  server: number;
  sentAt: number;
  answeredAt: number;
  isGood: boolean;
}

/**
 * Returns the longest time in seconds that a server was unavailable. It extends from the sending of the first failed
 * request to the first successful response to a request sent later. The server with the longest outage counts. Requests
 * that fail at the end count until the last of their responses.
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
