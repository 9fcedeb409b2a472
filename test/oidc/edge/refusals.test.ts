import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem, requestUrl, tokenOf } from '../../support/code-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { startProcess } from '../../support/process.ts';
import { testServer } from '../../support/server.ts';

describe('the log of refused requests', () => {
  let process: Awaited<ReturnType<typeof startProcess>>;
  let client: TestClient;

  before(async () => {
    client = await createClient(await testServer());
    process = await startProcess();
  });
  after(() => process.end());

  /** The log line of the only request to `route` with this error. */
  const line = async (route: string, error: string): Promise<Record<string, unknown>> => {
    let found: Record<string, unknown> | undefined;
    await eventually(async () => {
      const lines = process
        .output()
        .split('\n')
        .filter((text) => text.startsWith('{'));
      found = lines.map((text) => JSON.parse(text)).find((one) => one.route === route && one.error === error);
      expect(found).to.be.an('object');
    });
    return found as Record<string, unknown>;
  };

  it('has the client, and details that the library does not return', async () => {
    const flow = await authorize(process, client);
    const { body } = await redeem(process, client, { ...flow, verifier: 'x'.repeat(43) });
    expect(body.error_description).to.equal('grant request is invalid');
    const { reason, clientId } = await line('/oauth/token', 'invalid_grant');
    expect(clientId).to.equal(client.id);
    expect(reason).to.include('code_verifier');
  });

  it('has those of authorization requests, of clients without the right secret and of our own APIs', async () => {
    await new BrowserAgent().request(requestUrl(process, client, { scope: 'wrong-scope' }));
    expect(await line('/oauth/authorize', 'invalid_scope')).to.include({ clientId: client.id });
    await tokenOf(process, { ...client, secret: 'wrong-secret' }, { grant_type: 'client_credentials' });
    expect(await line('/oauth/token', 'invalid_client')).to.include({ clientId: client.id });
    await fetch(`${process.url}/customers/login`, {
      method: 'POST',
      body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong-password' }),
      headers: { 'content-type': 'application/json' },
    });
    await line('/customers/login', 'INVALID_CREDENTIALS');
    expect(process.output()).to.not.match(/wrong-scope|wrong-secret|wrong-password|nobody@|WARNING/);
  });
});
