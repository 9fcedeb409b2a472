import { expect } from 'chai';
import { LOCALES } from '../../../src/domain/values/locale.ts';
import { checkAnswer } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('the gallery', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const open = (path: string): Promise<Response> =>
    fetch(`${server.url}/dev/gallery${path}`, { headers: { accept: 'text/html' } });
  const links = async (path: string, pattern: RegExp): Promise<string[]> =>
    [...(await (await open(path)).text()).matchAll(pattern)].map(([, link = '']) =>
      link.replace('/dev/gallery', ''),
    );

  it('lists pages, mails and SMS, and every state of each can be drawn', async () => {
    const entries = await links('', /href="(\/dev\/gallery\/[^"]+)"/g);
    expect(entries).to.include.members(['/sign-in/login', '/mails/password-changed', '/sms/welcome']);
    for (const entry of entries) {
      const frames = await links(entry, /src="(\/dev\/gallery\/[^"?]+)\?lang=th"/g);
      expect(frames, entry).to.not.be.empty;
      for (const frame of new Set(frames))
        for (const locale of LOCALES) {
          const answer = await open(`${frame}?lang=${locale}`);
          expect(answer.status, frame).to.equal(200);
          expect(await answer.text(), frame).to.include(`<html lang="${locale}"`);
        }
    }
  }).timeout(20_000);

  it('lets its own pages frame what it draws, and nobody else', async () => {
    const frame = await open('/sign-in/login/1?lang=en');
    expect(frame.headers.get('content-security-policy')).to.include("frame-ancestors 'self'");
    expect(frame.headers.get('x-frame-options')).to.equal('SAMEORIGIN');
    const entry = await open('/sign-in/login');
    expect(entry.headers.get('content-security-policy'))
      .to.include("frame-src 'self'")
      .and.include("frame-ancestors 'none'");
  });

  it('is described in openapi/', async () => {
    for (const [operation, path, status] of [
      ['gallery', '', 200],
      ['galleryEntry', '/mails/verify-email?width=1280', 200],
      ['galleryEntry', '/mails/verify-email?width=7', 400],
      ['galleryEntry', '/mails/nothing', 404],
      ['galleryState', '/sms/welcome/1', 200],
      ['galleryState', '/sms/welcome/2', 404],
    ] as const) {
      const answer = await open(path);
      expect(answer.status, path).to.equal(status);
      checkAnswer(operation, status, answer.headers, await answer.text());
    }
  });
});
