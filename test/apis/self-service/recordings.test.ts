import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { selfServiceClient } from './self-service-client.ts';

interface Recording {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: string };
  response: { status: number; body: Record<string, unknown> };
}

const FOLDER = new URL('./recordings/', import.meta.url);
const EMAIL = 'testemail@mycompany.com';
const NEW_EMAIL = 'myname@mycompany.com';
const SIGNED_UP = 'test-user-4@mycompany.com';
const PASSWORD = 'MyP4ssw0rd';

const recordings: readonly Recording[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) }));

describe('Self-service API: recordings of existing clients', () => {
  let server: TestServer;
  let api: ReturnType<typeof selfServiceClient>;
  const values: Record<string, string> = {};

  before(async () => {
    // the addresses of the recordings must be unregistered
    await emptyTables(await testDatabase());
    server = await startServer({ passwords: { policy: 'legacy' } });
    api = selfServiceClient(server);
    const { id } = await server.domain.lifecycle.create({
      password: PASSWORD,
      profile: { firstName: 'Test', lastName: 'Name' },
      contacts: [{ kind: 'email', value: EMAIL, verified: true }],
    });
    values.id = String(id);
  });
  after(() => server.stop());

  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  async function replay({ request: { method, path, headers, body }, response }: Recording): Promise<void> {
    const answer = await fetch(server.url + path, {
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)])),
      ...(body === undefined ? {} : { body: filled(body) }),
    });
    const text = await answer.text();
    expect(answer.status, text).to.equal(response.status);
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    const given = JSON.parse(text);
    if ('token' in response.body) {
      expect(Object.keys(given)).to.deep.equal(['token']);
      expect(given.token.split('.')).to.have.length(String(response.body.token).split('.').length);
    } else expect(text).to.equal(filled(JSON.stringify(response.body)));
  }

  const headers = () => ({ authorization: `Bearer ${values.token}` });

  /** Steps of the clients between two recorded requests, such as reading mails, that are not recorded. */
  const meanwhile: Record<string, () => Promise<unknown>> = {
    '02-get-self.json': async () => {
      values.token = (await api.login(EMAIL, PASSWORD)).body.token;
    },
    '04-newemail-confirm.json': async () => {
      const change = { email: NEW_EMAIL, current_password: PASSWORD };
      await api.send('PATCH', '/customers/self', change, headers());
      Object.assign(values, await api.keyFor(NEW_EMAIL));
    },
    '06-do-reset.json': async () => {
      values.code = await api.mailed(NEW_EMAIL, 'code');
    },
    '07-activate.json': async () => {
      await api.post('', { email: SIGNED_UP, name: 'Test Name' });
      values.identifier = await api.mailed(SIGNED_UP, 'identifier');
      values.secret = await api.mailed(SIGNED_UP, 'secret');
    },
    '08-delete-self.json': async () => {
      values.token = (await api.login(SIGNED_UP, 'aAy1wweFw')).body.token;
    },
  };

  for (const recording of recordings) {
    it(`are answered as documented: ${recording.name}`, async () => {
      await meanwhile[recording.name]?.();
      await replay(recording);
    });
  }

  it('are all there', () => {
    expect(recordings).to.have.length(8);
  });
});
