import { expect } from 'chai';
import { openDemonstration } from '../../../src/domain/demonstration/refuse.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('the demonstration in production', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  after(() => server.stop());

  it('is found by its secrets and by the password of its account', async () => {
    const open = await openDemonstration(server.domain);
    expect(open).to.include.members(['client client', 'client 2171', 'client service']);
    expect(open.filter((one) => one.startsWith('account '))).to.have.length(1);
  });

  it('is not what has other secrets', async () => {
    const { contacts, clients } = server.domain;
    const changed = {
      clients: {
        find: async (id: string) => ({ ...(await clients.find(id)), secrets: ['another'] }) as never,
      },
      contacts,
      credentials: { matches: async () => false },
    };
    expect(await openDemonstration(changed)).to.deep.equal([]);
  });
});
