import { expect } from 'chai';
import { keyChecks } from '../../src/bin/doctor/keys.ts';

describe("the doctor's report of signing keys", () => {
  it('has no age without a key', async () => {
    const [states, age] = await keyChecks([], { rotateDays: 90 }, new Date(), undefined);
    expect(states).to.include({ name: 'signing keys', status: 'warn' });
    expect(age).to.include({ name: 'key age', status: 'warn', message: 'there is no current key' });
  });
});
