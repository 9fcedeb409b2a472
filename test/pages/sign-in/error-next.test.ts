import { expect } from 'chai';
import type { Context } from 'koa';
import type { ErrorCode } from '../../../src/errors/catalogue.ts';
import { nextAfter } from '../../../src/pages/sign-in/error-next.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { visitor } from '../visitor.ts';

const linkOf = (page: string): string | undefined =>
  /<a class="button primary" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');

describe('what an error page leads to', () => {
  const next = (path: string, failure: { code?: ErrorCode; status: number }, method = 'GET', gets = false) =>
    nextAfter(
      {
        path,
        search: '?a=1',
        method,
        ...(gets ? { matched: [{ methods: ['GET', 'POST'] }] } : {}),
      } as unknown as Context,
      failure,
    );

  it('is the same page once more, when it failed for the moment', () => {
    expect(next('/account', { status: 503 })).to.deep.equal({ address: '/account?a=1', label: 'retry' });
    expect(next('/account/email', { status: 429 }, 'POST', true).address).to.equal('/account/email');
  });

  it('is the page that has the form, when the form was not taken', () => {
    const refused = { code: 'FORM_NOT_OURS', status: 403 } as const;
    expect(next('/register/details', refused, 'POST', true).address).to.equal('/register/details');
    expect(next('/interaction/1/consent', refused, 'POST')).to.deep.equal({
      address: '/interaction/1',
      label: 'reload',
    });
    expect(next('/verify-email', refused, 'POST', true).address).to.equal('/account');
  });

  it('is a new link, when the one of a reset does not work', () => {
    const invalid = { code: 'LINK_INVALID', status: 400 } as const;
    expect(next('/reset-password/x', invalid)).to.deep.equal({
      address: '/reset-password/request',
      label: 'new_link',
    });
    expect(next('/verify-email', invalid).address).to.equal('/account');
  });

  it('is no other host', () => {
    expect(next('//evil.example/x', { status: 500 }).address).to.equal('/evil.example/x?a=1');
    expect(next('/\\evil.example', { status: 429 }, 'POST', true).address).to.equal('/evil.example');
  });

  describe('at a server', () => {
    let server: TestServer;
    before(async () => {
      server = await startServer();
    });
    after(() => server.stop());

    for (const path of [
      '/nothing-here',
      '/interaction/gone',
      '/verify-email?identifier=a&key=b',
      '/activate',
      '/oauth/authorize?client_id=unknown',
    ])
      it(`is something, in the language of the request, at ${path}`, async () => {
        const { status, page } = await visitor(server).open(
          `${path}${path.includes('?') ? '&' : '?'}ui_locales=th`,
        );
        expect(status).to.be.within(400, 404);
        expect(page).to.include('<html lang="th">').and.include('ไปที่บัญชีของฉัน');
        expect(linkOf(page)).to.equal('/account');
      });

    it('loads the page of a refused form', async () => {
      const person = visitor(server);
      const { page } = await person.open('/register');
      expect(csrfOf(page)).to.match(/\S/);
      const refused = await person.send('/register', { csrf: 'x', mobile: '0812345678' });
      expect([refused.status, linkOf(refused.page)]).to.deep.equal([403, '/register']);
      expect(refused.page).to.include('Reload the page');
    });

    it('is a way to sign in after a sign-out', async () => {
      const { page } = await visitor(server).open('/oauth/logout/success');
      expect(linkOf(page)).to.equal('/account');
    });
  });
});
