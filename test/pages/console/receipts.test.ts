import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Operator, operator, person } from './operator.ts';

const PATH = '/console/receipts';

describe('erasure receipts in the console', () => {
  let server: TestServer;
  let viewer: Operator;

  before(async () => {
    server = await startServer();
  });
  beforeEach(async () => {
    viewer = await operator(server, 'viewer');
  });
  after(() => server.stop());

  async function erased() {
    const { id } = await person(server);
    return { account: id, ...(await server.domain.lifecycle.remove(id)) };
  }
  async function verify(receipt: string): Promise<string> {
    await viewer.open(PATH);
    const { status, page } = await viewer.send(PATH, { receipt });
    expect(status).to.equal(200);
    return page;
  }

  it('are listed newest first, without the person whom they concern', async () => {
    const [first, second] = [await erased(), await erased()];
    const { page } = await viewer.open(PATH);
    expect(page.indexOf(second.id)).to.be.above(0).and.below(page.indexOf(first.id));
    expect(page).to.include('an operator').and.not.include(`/console/accounts/${first.account}`);
  });

  it('are verified', async () => {
    const { id, receipt } = await erased();
    const page = await verify(` ${receipt}\n`);
    expect(page).to.include('This deployment issued this receipt').and.include(id).and.include('contacts 1');
  });

  it('are refused when they were changed, or were not issued here', async () => {
    const { receipt } = await erased();
    const [header, payload = '', signature] = receipt.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, erased_by: 'owner' })).toString('base64url');
    for (const wrong of [
      `${header}.${changed}.${signature}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      '<script>',
    ]) {
      const page = await verify(wrong);
      expect(page, wrong).to.include('did not issue this receipt').and.not.include('<script>');
    }
  });
});
