import type { Bulkhead } from '../bulkhead.ts';
import type { Tracing } from '../tracing.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** Adds an event to the current span when a task of the bulkhead starts; the time before it was spent waiting. */
export const tracedBulkhead = (bulkhead: Pick<Bulkhead, 'run'>, tracing: Tracing): Pick<Bulkhead, 'run'> => ({
  run: (task) =>
    bulkhead.run(() => {
      tracing.event('hashing started');
      return task();
    }),
});

/** Traces each hash and each verification in a span, including the time in the queue. */
export const tracedHasher = (hasher: PasswordHasher, tracing: Tracing): PasswordHasher => ({
  hash: (password) => tracing.child('hash password', {}, () => hasher.hash(password)),
  verify: (password, stored) => tracing.child('verify password', {}, () => hasher.verify(password, stored)),
  adopt: (text) => hasher.adopt(text),
});
