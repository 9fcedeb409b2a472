import { expect } from 'chai';
import { bootstrap } from '../../../src/compose/bootstrap.ts';
import type { Domain } from '../../../src/compose/domain.ts';
import type { Config } from '../../../src/config/config.ts';
import { ConfigError } from '../../../src/config/load-config.ts';
import { contextOf } from '../../../src/domain/credentials/personal-context.ts';
import { DEMONSTRATION_ACCOUNT } from '../../../src/domain/demonstration/demonstration.ts';
import { readyDomain } from '../../support/domain.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const { mobile, password } = DEMONSTRATION_ACCOUNT;
/** The same password in full-width characters. */
const FULL_WIDTH = 'ｃｏｒｒｅｃｔ-horse-battery';
const OTHER = 'ordinary-horse-stable';
const ORIGIN = { address: '192.0.2.7', device: undefined };

describe('the password of the demonstration', () => {
  let development: EmptyDomain;

  before(async () => {
    development = await emptyDomain();
  });

  after(() => development.leave());

  const inProduction = (policy: Config['passwords']['policy'] = 'standard'): Promise<Domain> => {
    const { config, database } = development;
    const passwords = { ...config.passwords, memoryKiB: 256, passes: 1, policy };
    const production = { ...config, environment: 'production' as const, passwords };
    return readyDomain({ config: production, database });
  };

  const signIn = (domain: Domain, typed: string): Promise<string> =>
    codeOf(domain.passwordAuthenticator.verify({ identifier: mobile, password: typed, origin: ORIGIN }));

  const someone = (domain: Domain, chosen: string) =>
    domain.lifecycle.create({
      password: chosen,
      contacts: [{ kind: 'mobile', value: mobile, verified: true }],
    });

  beforeEach(() => development.empty());

  it('can be chosen for no account in production, whichever the policy', async () => {
    for (const policy of ['standard', 'legacy'] as const) {
      const domain = await inProduction(policy);
      for (const typed of [password, FULL_WIDTH]) {
        expect(await codeOf(someone(domain, typed))).to.equal('PASSWORD_TOO_COMMON');
        const context = { names: [], emails: [], mobiles: [] };
        expect(await codeOf(domain.credentials.hash(typed, context))).to.equal('PASSWORD_TOO_COMMON');
        expect(domain.registration.passwordProblem(typed, context)).to.equal('PASSWORD_TOO_COMMON');
      }
    }
  });

  it('replaces no other password in production', async () => {
    const domain = await inProduction();
    const account = await someone(domain, OTHER);
    const preservedSession = { generation: account.generation };
    const change = { accountId: account.id, next: password, preservedSession };
    expect(await codeOf(domain.passwordChange.change(change))).to.equal('PASSWORD_TOO_COMMON');
    expect(await domain.passwordChange.problem(account.id, password)).to.equal('PASSWORD_TOO_COMMON');
    const reset = { mobile, code: '123456', next: password, origin: { address: '192.0.2.1' } };
    expect(await codeOf(domain.passwordChange.resetByCode(reset))).to.equal('PASSWORD_TOO_COMMON');
    expect(await signIn(domain, OTHER)).to.equal('none');
  });

  it('is a wrong password where an account has it in production, and a right one in development', async () => {
    const account = await someone(development, password);
    expect(await signIn(development, password)).to.equal('none');
    const domain = await inProduction();
    for (const typed of [password, FULL_WIDTH]) {
      expect(await signIn(domain, typed)).to.equal('INVALID_CREDENTIALS');
      const guess = { accountId: account.id, password: typed, required: true, field: 'password' };
      const confirmed = domain.reauthentication.confirmPassword({ ...guess, origin: ORIGIN });
      expect(await codeOf(confirmed)).to.equal('PASSWORD_WRONG');
    }
    const hash = await domain.credentials.hash(OTHER, contextOf(account));
    await domain.credentials.write(account.id, hash);
    expect(await signIn(domain, OTHER)).to.equal('none');
  });

  it('keeps no server from starting, as a secret of a client does', async () => {
    await someone(development, password);
    const { config, database, domain } = { ...development, domain: await inProduction() };
    const start = (): Promise<void> =>
      bootstrap({ config: { ...config, environment: 'production' }, database, domain });
    expect(await codeOf(start())).to.equal('none');

    await domain.clients.create(
      { client_id: 'service', client_name: 'Service', grant_types: ['client_credentials'] },
      { secret: 'service-secret' },
    );
    const refused = await start().catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ConfigError);
    expect((refused as Error).message).to.include('client service');
  });
});
