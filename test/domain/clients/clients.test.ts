import { expect } from 'chai';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('a client', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  it('has one secret without an end after several rotations at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = `app-${round}`;
      await domain.clients.create({ client_id: id }, { secret: 'the first secret of this client' });
      const secrets = await Promise.all([1, 2, 3].map(() => domain.clients.rotateSecret(id, 600)));
      const lasting = await domain.database.knex('client_secrets').where({ client_id: id, expires_at: null });
      expect(lasting).to.have.length(1);
      const [newest, previous, ...older] = await domain.clients.validSecrets(id, 'secret');
      expect(secrets).to.include.members([newest, previous]);
      expect(older).to.deep.equal([]);
    }
  });

  it('has no new secret if it is unknown', async () => {
    expect(await codeOf(domain.clients.rotateSecret('nobody', 0))).to.equal('CLIENT_NOT_FOUND');
  });

  it('is changed with an event that names the members', async () => {
    const before = { client_id: 'named', client_name: 'Till', scope: 'openid' };
    await domain.clients.create(before);
    const stored = (await domain.clients.find('named'))?.metadata ?? before;
    await domain.clients.change({ ...stored, client_name: 'Shop', client_uri: 'https://shop.example' });
    const [event] = await domain.database
      .knex('audit')
      .where({ event: 'client.changed', client_id: 'named' });
    expect(event.details).to.deep.equal({ fields: 'client_name client_uri' });
    expect(await codeOf(domain.clients.change({ ...before, client_id: 'nobody' }))).to.equal(
      'CLIENT_NOT_FOUND',
    );
  });
});
