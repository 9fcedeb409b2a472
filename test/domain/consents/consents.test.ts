import { expect } from 'chai';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('consents and bindings', () => {
  let domain: EmptyDomain;
  let ids: number[];

  before(async () => {
    domain = await emptyDomain();
    ids = [(await domain.lifecycle.create({})).id, (await domain.lifecycle.create({})).id];
    await domain.clients.create({ client_id: 'app' });
  });

  after(() => domain.leave());

  it('of several tabs at once all count', async () => {
    const [id = 0] = ids;
    await Promise.all(
      ['email', 'phone', 'profile', 'address'].map((scope, index) =>
        domain.consents.grant(id, 'app', {
          scopes: ['openid', scope],
          claims: [`claim-${index}`],
          resources: { 'http://localhost:8080/api': [`api:${index}`] },
        }),
      ),
    );
    const found = await domain.consents.find(id, 'app');
    expect(found?.scopes).to.have.members(['openid', 'email', 'phone', 'profile', 'address']);
    expect(found?.claims).to.have.length(4);
    expect(found?.resources['http://localhost:8080/api']).to.have.length(4);
  });

  it('is stored only together with its event', async () => {
    const { id } = await domain.lifecycle.create({});
    const { knex } = domain.database;
    const consent = { scopes: ['openid'], claims: [], resources: {} };
    await knex.raw(
      `alter table audit add constraint no_consents check (event <> 'consent.granted') not valid`,
    );
    try {
      expect(await codeOf(domain.consents.grant(id, 'app', consent))).to.not.equal('none');
    } finally {
      await knex.raw('alter table audit drop constraint no_consents');
    }
    expect(await domain.consents.find(id, 'app')).to.equal(undefined);
  });

  it('is not stored for an account that was removed', async () => {
    const { id } = await domain.lifecycle.create({});
    await domain.lifecycle.remove(id);
    const consent = { scopes: ['openid'], claims: [], resources: {} };
    expect(await codeOf(domain.consents.grant(id, 'app', consent))).to.equal('ACCOUNT_DELETED');
    expect(await domain.consents.find(id, 'app')).to.equal(undefined);
  });

  it('an external id belongs to one account', async () => {
    const codes = await Promise.all(
      ids.map((id) => codeOf(domain.bindings.set(id, { provider: 'line', externalId: 'same', status: '1' }))),
    );
    expect(codes.sort()).to.deep.equal(['BINDING_TAKEN', 'none']);
  });
});
