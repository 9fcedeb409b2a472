import { expect } from 'chai';
import { openDemonstration } from '../../../src/domain/demonstration/refuse.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('the demonstration in production', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  after(() => server.stop());

  it('is found by the secrets of its clients, and by nothing that customers write', async () => {
    const open = await openDemonstration(server.domain);
    expect(open).to.have.members(['client client', 'client 2171', 'client service', 'client admin-api']);
  });

  it('is not detected with other secrets', async () => {
    const { clients } = server.domain;
    const changed = {
      clients: {
        find: async (id: string) => ({ ...(await clients.find(id)), secrets: ['another'] }) as never,
      },
    };
    expect(await openDemonstration(changed)).to.deep.equal([]);
  });
});
