import { expect } from 'chai';
import { composeBulkheads } from '../../src/compose/bulkheads.ts';
import type { Bulkhead } from '../../src/lib/bulkhead.ts';
import { testConfig } from '../support/config.ts';

describe('the bulkheads', () => {
  for (const [name, counted] of [
    ['hashing', 1],
    ['signIns', 1],
    ['images', 0],
  ] as const)
    it(`of ${name} refuse with 503, which counts as a refused password ${counted} times`, async () => {
      let refusedPasswords = 0;
      const config = await testConfig();
      const bulkheads = composeBulkheads(
        { ...config, passwords: { ...config.passwords, maxQueued: 0 } },
        () => {
          refusedPasswords += 1;
        },
      );
      const one: Bulkhead = bulkheads[name];
      const busy = Promise.withResolvers<void>();
      const tasks = Array.from({ length: one.size }, () => one.run(() => busy.promise));
      const refused = await one.run(async () => {}).catch((error) => error);
      busy.resolve();
      await Promise.all(tasks);
      expect(refused).to.include({ code: 'UNAVAILABLE', retryAfter: 1 });
      expect(refusedPasswords).to.equal(counted);
    });
});
