/** What `make` makes, made at the first call and kept; a failure is thrown and tried again at the next. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
