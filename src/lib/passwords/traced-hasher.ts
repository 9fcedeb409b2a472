import type { Bulkhead } from '../bulkhead.ts';
import type { Tracing } from '../tracing.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** Marks in the current span when a task of the bulkhead begins: what is before it was waiting. */
export const tracedBulkhead = (bulkhead: Pick<Bulkhead, 'run'>, tracing: Tracing): Pick<Bulkhead, 'run'> => ({
  run: (task) =>
    bulkhead.run(() => {
      tracing.event('hashing started');
      return task();
    }),
});

/** A span for each hash and each verification, its time in the queue included. */
export const tracedHasher = (hasher: PasswordHasher, tracing: Tracing): PasswordHasher => ({
  hash: (password) => tracing.child('hash password', {}, () => hasher.hash(password)),
  verify: (password, stored) => tracing.child('verify password', {}, () => hasher.verify(password, stored)),
  adopt: (text) => hasher.adopt(text),
});
