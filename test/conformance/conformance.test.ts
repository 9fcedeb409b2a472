import { expect } from 'chai';
import { GROUPS } from '../../conformance/all.ts';
import { type Deployment, deployment } from './deployment.ts';

const CHECKS = GROUPS.flatMap(({ checks }) => checks);

describe('conformance', () => {
  let target: Deployment;

  before(async function () {
    this.timeout(60_000);
    target = await deployment();
  });
  after(() => target?.stop());

  it('has checks with ids of their own', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  for (const { name, checks } of GROUPS)
    describe(name, () => {
      // what is not applicable throws as well: the server of the tests has everything to look at
      for (const check of checks) it(`${check.id}: ${check.title}`, () => check.run(target));
    });
});
