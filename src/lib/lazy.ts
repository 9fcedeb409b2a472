/**
 * Returns a function that creates a value with `make` at the first call and keeps it. A failure is thrown and retried
 * at the next call.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
