/**
 * Returns the first success of attempts that are started in order. Each starts when the previous one has failed, or has
 * not succeeded within `aheadMs` milliseconds (as RFC 8305 does with addresses). If every attempt fails, rejects with
 * all errors in order of arrival.
 */
export function firstOf<T>(attempts: readonly (() => Promise<T>)[], aheadMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const errors: unknown[] = [];
    let next = 0;
    let ended = false;
    let timer: NodeJS.Timeout | undefined;

    function begin(): void {
      clearTimeout(timer);
      const attempt = attempts[next];
      if (ended || !attempt) return;
      next += 1;
      if (next < attempts.length) timer = setTimeout(begin, aheadMs);
      attempt().then(
        (value) => {
          ended = true;
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          errors.push(error);
          if (errors.length === attempts.length) reject(new AggregateError(errors));
          else begin();
        },
      );
    }

    if (attempts.length === 0) reject(new AggregateError([]));
    begin();
  });
}
