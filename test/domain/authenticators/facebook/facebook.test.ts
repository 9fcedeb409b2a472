import { expect } from 'chai';
import {
  type FacebookAuthenticator,
  facebookAuthenticator,
} from '../../../../src/domain/authenticators/facebook/facebook.ts';
import { databaseCounters } from '../../../../src/domain/rate-limits/counters.ts';
import { AppError } from '../../../../src/errors/app-error.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../../empty-domain.ts';

describe('signing in with Facebook', () => {
  let domain: EmptyDomain;
  let facebook: FacebookAuthenticator;
  /** The next result of Facebook. */
  let say: () => string;

  before(async () => {
    domain = await emptyDomain();
    const { knex } = domain.database;
    facebook = facebookAuthenticator({
      ...domain,
      db: knex,
      counters: databaseCounters({ db: knex }),
      graph: { userOf: async () => say() },
    });
  });
  after(() => domain.leave());

  const reasonsOf = (event: string): Promise<string[]> =>
    domain.database.knex('audit').where({ event }).orderBy('id').pluck('reason');

  const signIn = (address = '192.0.2.1') =>
    facebook.verify({ token: 'x', userId: '1', address, clientId: 'keys' });

  it('follows the binding, and is audited', async () => {
    say = () => '1';
    expect(await codeOf(signIn())).to.equal('FACEBOOK_UNKNOWN');
    const { id } = await domain.lifecycle.create({});
    await domain.bindings.set(id, { provider: 'line', externalId: '1', status: '1' });
    expect(await codeOf(signIn())).to.equal('FACEBOOK_UNKNOWN');
    await domain.bindings.set(id, { provider: 'facebook', externalId: '1', status: '1' });
    expect((await signIn()).id).to.equal(id);
    await domain.lifecycle.suspend(id);
    // the second refusal is not recorded again
    for (let time = 0; time < 2; time += 1) expect(await codeOf(signIn())).to.equal('INVALID_CREDENTIALS');
    const events = await domain.database
      .knex('audit')
      .where({ account_id: id })
      .whereLike('event', 'sign_in.%')
      .orderBy('id')
      .select('event', 'client_id', 'details');
    expect(events).to.have.length(2);
    expect(events[0]).to.deep.equal({
      event: 'sign_in.succeeded',
      client_id: 'keys',
      details: { method: 'facebook' },
    });
    expect(events[1]).to.include({ event: 'sign_in.failed', client_id: 'keys' });
    expect(events[1].details).to.include({ method: 'facebook', status: 'suspended' });
    expect(await reasonsOf('sign_in.failed')).to.deep.equal([
      'unknown_identifier',
      'unknown_identifier',
      'not_active',
    ]);
  });

  it('is refused for another user than the token’s', async () => {
    say = () => '2';
    expect(await codeOf(signIn('192.0.2.2'))).to.equal('FACEBOOK_REFUSED');
    expect((await reasonsOf('sign_in.failed')).at(-1)).to.equal('upstream_denied');
  });

  it('counts bad tokens by address, not good ones and not what Facebook could not say', async () => {
    const address = '192.0.2.3';
    const refuse = (code: 'FACEBOOK_REFUSED' | 'UNAVAILABLE') => () => {
      throw new AppError(code);
    };
    for (let time = 0; time < 110; time += 1) {
      say = refuse('UNAVAILABLE');
      expect(await codeOf(signIn(address))).to.equal('UNAVAILABLE');
    }
    say = refuse('FACEBOOK_REFUSED');
    for (let time = 0; time < 100; time += 1)
      expect(await codeOf(signIn(address))).to.equal('FACEBOOK_REFUSED');
    expect(await codeOf(signIn(address))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(signIn('192.0.2.4'))).to.equal('FACEBOOK_REFUSED');
  });
});
