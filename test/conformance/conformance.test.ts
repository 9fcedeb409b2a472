import { expect } from 'chai';
import { GROUPS } from '../../conformance/all.ts';
import { unusedIn } from '../../conformance/announced/announced.ts';
import { type Deployment, deployment } from './deployment.ts';

const CHECKS = GROUPS.flatMap(({ checks }) => checks);

describe('conformance', function () {
  // some checks sign in several times and create RSA keys
  this.timeout(60_000);
  let target: Deployment;

  before(async () => {
    target = await deployment();
  });
  after(() => target?.stop());

  it('has checks with ids of their own', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('finds what is announced and has no use', () => {
    const use = async (): Promise<void> => {};
    const uses = { issuer: use, scopes_supported: { openid: use }, flag_supported: { true: use } };
    const metadata = { issuer: 'https://a', scopes_supported: ['openid', 'more'], flag_supported: false };
    expect(unusedIn({ ...metadata, unknown_endpoint: 'https://a/b' }, uses)).to.deep.equal([
      'scopes_supported more',
      'flag_supported false',
      'unknown_endpoint',
    ]);
  });

  for (const { name, checks } of GROUPS)
    describe(name, () => {
      // a check that is not applicable throws as well: this server announces everything that checks use
      for (const check of checks) it(`${check.id}: ${check.title}`, () => check.run(target));
    });
});
