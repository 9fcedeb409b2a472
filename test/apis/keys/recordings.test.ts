import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type KeysServer, keysServer } from './keys-server.ts';

interface Recording {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body: string };
  response: { status: number; body: Record<string, unknown> };
}

const FOLDER = new URL('./recordings/', import.meta.url);

const recordings: readonly Recording[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) }));

describe('Keys API: recordings of existing apps', () => {
  let server: KeysServer;

  before(async () => {
    // the recorded passwords are short
    server = await keysServer({ passwords: { policy: 'legacy' } });
  });
  after(() => server.stop());

  for (const { name, request, response } of recordings) {
    it(`are answered as documented: ${name}`, async () => {
      const { method, path, headers, body } = request;
      const answer = await fetch(server.url + path, {
        method,
        headers: { accept: '*/*', 'user-agent': 'curl/8.5.0', ...headers },
        body,
      });
      expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      const said = (await answer.json()) as Record<string, unknown>;
      expect(answer.status, JSON.stringify(said)).to.equal(response.status);
      const { key, ...others } = response.body;
      if (key !== undefined) {
        expect(said.key).to.match(/^[0-9a-f]{40}$/);
        delete said.key;
      }
      expect(said).to.deep.equal(others);
    });
  }

  it('are all there', () => {
    expect(recordings).to.have.length(5);
  });
});
