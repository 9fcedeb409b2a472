import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { keysClient } from './keys-client.ts';

interface Shown {
  id_location: number;
  name: string;
}

describe('Keys API: locations', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  async function search(q?: string, language = 'th'): Promise<Shown[]> {
    const query = q === undefined ? '' : `?${new URLSearchParams({ q })}`;
    const { status, body } = await keysClient(server, { 'accept-language': language }).call(
      'GET',
      `/api/v2/location${query}`,
    );
    expect(status).to.equal(200);
    expect(body.status).to.equal(1);
    return body.locations;
  }
  const names = async (q: string, language?: string): Promise<string[]> =>
    (await search(q, language)).map(({ name }) => name);

  it('are 77 provinces by id, in Thai', async () => {
    const all = await search();
    expect(all.map(({ id_location: id }) => id)).to.deep.equal(Array.from({ length: 77 }, (_, at) => at + 1));
    expect(all[0]?.name).to.equal('กรุงเทพมหานคร');
    expect(all[6]).to.deep.equal({ id_location: 7, name: 'ลพบุรี' });
    expect(new Set(all.map(({ name }) => name)).size).to.equal(77);
  });

  it('are in English for who prefers it', async () => {
    const all = await search(undefined, 'en');
    expect(all[0]?.name).to.equal('Bangkok');
    expect(new Set(all.map(({ name }) => name)).size).to.equal(77);
  });

  it('are found by a part of either name, in any case', async () => {
    expect(await names('เชียง')).to.deep.equal(['เชียงใหม่', 'เชียงราย']);
    expect(await names('CHIANG', 'en')).to.deep.equal(['Chiang Mai', 'Chiang Rai']);
    expect(await names(' bangkok ')).to.deep.equal(['กรุงเทพมหานคร']);
    expect(await search('')).to.have.length(77);
    expect(await search('nowhere')).to.deep.equal([]);
  });

  it('take nothing in the question for more than itself', async () => {
    for (const q of ['%', '_', '\\', "' or 1=1 --", '.*', '__proto__'])
      expect(await search(q), q).to.deep.equal([]);
    for (const query of ['q=%00', 'q=%ff', 'q=%ed%a0%80', `q=${'x'.repeat(101)}`, 'q=a&q=b']) {
      const answer = await fetch(`${server.url}/api/v2/location?${query}`);
      expect(answer.status, query).to.equal(400);
    }
  });

  it('need no key', async () => {
    const answer = await fetch(`${server.url}/api/v2/location`, { headers: { 'x-api-key': 'wrong' } });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('cache-control')).to.equal('no-store');
  });
});
