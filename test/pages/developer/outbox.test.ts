import { expect } from 'chai';
import type { ListedMessage } from '../../../src/domain/messages/outbox.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const MOBILE = '+66823456789';
const EMAIL = 'outbox-page@example.com';

describe('the development outbox', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
    const common = { kind: 'signed-out-everywhere', values: {}, lifetimeSeconds: 600 } as const;
    await server.domain.outbox.add({ ...common, channel: 'mail', to: EMAIL, locale: 'th' });
    await server.domain.outbox.add({ ...common, channel: 'sms', to: MOBILE, locale: 'en' });
  });
  after(() => server.stop());

  const ask = (query: string, accept = 'application/json'): Promise<Response> =>
    fetch(`${server.url}/dev/outbox${query}`, { headers: { accept } });
  const list = async (query: string): Promise<ListedMessage[]> => (await ask(query)).json();

  it('lists messages as JSON, newest first', async () => {
    const ours = (await list('?limit=200')).filter(({ to }) => [MOBILE, EMAIL].includes(to));
    const [sms, mail] = ours;
    expect(sms).to.include({ channel: 'sms', to: MOBILE, subject: null });
    expect(mail).to.include({ channel: 'mail', to: EMAIL });
    expect(mail?.text).to.match(/\S/);
    expect(new Date(sms?.createdAt ?? '').getTime()).to.be.closeTo(Date.now(), 60_000);
  });

  for (const spelling of ['+66823456789', '0823456789', '+66 82 345 6789', '082-345-6789']) {
    it(`finds a mobile written ${spelling}`, async () => {
      const found = await list(`?to=${encodeURIComponent(spelling)}`);
      expect(found.map(({ to }) => to)).to.deep.equal([MOBILE]);
    });
  }

  it('finds an e-mail address, and nothing for a stranger', async () => {
    expect((await list(`?to=${EMAIL}`)).map(({ to }) => to)).to.deep.equal([EMAIL]);
    expect(await list('?to=stranger@example.com')).to.deep.equal([]);
    expect((await list('?to=')).length).to.be.at.least(2);
  });

  it('lists as many as asked', async () => {
    expect(await list('?limit=1')).to.have.length(1);
    expect((await list('?limit=200')).length).to.be.at.least(2);
  });

  for (const limit of ['0', '-1', '201', '1.5', 'x', '1e2x', ' ']) {
    it(`refuses the limit "${limit}"`, async () => {
      const answer = await ask(`?limit=${encodeURIComponent(limit)}`);
      expect(answer.status).to.equal(400);
      expect(await answer.json()).to.deep.equal({
        error: 'invalid_request',
        error_description: 'limit: The request is not valid.',
      });
    });
  }

  it('is a page for people, which escapes the filter', async () => {
    const answer = await ask('', 'text/html');
    expect(answer.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(await answer.text())
      .to.include(MOBILE)
      .and.include(EMAIL);
    const none = await (await ask('?to=%3Cscript%3E&ui_locales=en', 'text/html')).text();
    expect(none).to.include('No messages to &lt;script&gt;.').and.not.include('<script>');
  });

  it('is not there unless messages are kept', async () => {
    const other = await startServer({ messages: { outbox: false } });
    expect((await fetch(`${other.url}/dev/outbox`)).status).to.equal(404);
    await other.stop();
  });
});
