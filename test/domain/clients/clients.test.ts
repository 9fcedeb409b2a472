import { expect } from 'chai';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('the secret of a client', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  it('is the only one without an end after several rotations at once', async () => {
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

  it('is not rotated for an unknown client', async () => {
    expect(await codeOf(domain.clients.rotateSecret('nobody', 0))).to.equal('CLIENT_NOT_FOUND');
  });
});
