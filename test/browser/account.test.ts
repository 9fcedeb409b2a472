import { expect } from 'chai';
import sharp from 'sharp';
import { accountContext, endVisits } from '../support/chromium.ts';
import { hasPassword } from '../support/has-password.ts';
import type { TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { testParty } from './relying-party.ts';
import { agree, heading, signIn } from './steps.ts';

const NEXT = 'another-horse-battery';

describe('my account in a browser', () => {
  let server: TestServer;

  before(async () => {
    ({ server } = await testParty());
  });
  afterEach(endVisits);

  for (const javaScriptEnabled of [true, false]) {
    it(`is checked and changed, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const login = `account-journey-${javaScriptEnabled}@example.com`;
      const { id } = await server.domain.lifecycle.create({
        password: SOMCHAI.password,
        contacts: [{ kind: 'email', value: login, verified: true }],
      });
      const { page, refusals } = await accountContext({
        javaScriptEnabled,
        viewport: { width: 320, height: 640 },
      });
      await page.goto(`${server.url}/account/profile`);
      await signIn(page, { login, password: SOMCHAI.password });
      await page.waitForURL(`${server.url}/account/profile`);
      expect(await heading(page)).to.equal('Profile');

      await page.fill('#firstName', 'Somsri');
      await page.selectOption('#country', { label: 'Thailand' });
      await agree(page);
      expect(await page.locator('.notice[role=status]').innerText()).to.equal('Your profile has been saved.');

      // on a phone, the navigation is not next to the page: each page links back to the overview, which links to all
      const go = async (path: string): Promise<void> => {
        await page.click('.back a');
        await page.click(`main a[href="${path}"]`);
      };
      await go('/account/picture');
      expect(await heading(page)).to.equal('Picture');
      const png = await sharp({ create: { width: 30, height: 30, channels: 3, background: '#c08040' } })
        .png()
        .toBuffer();
      await page.setInputFiles('#file', { name: 'me.png', mimeType: 'image/png', buffer: png });
      await agree(page);
      await page.waitForSelector('.notice[role=status]');
      const shown = page.locator('img.avatar');
      // cropped and resized in the browser, or unchanged
      const width = await shown.evaluate((image: HTMLImageElement) => image.naturalWidth);
      expect(width).to.equal(javaScriptEnabled ? 512 : 30);

      await go('/account/password');
      await page.fill('#currentPassword', SOMCHAI.password);
      await page.fill('#password', NEXT);
      await agree(page);
      await page.waitForSelector('.notice[role=status]');
      expect(await hasPassword(server.database, id, NEXT)).to.equal(true);

      await go('/oauth/logout');
      await agree(page);
      await page.waitForSelector('.done');
      await page.goto(`${server.url}/account`);
      expect(await heading(page)).to.equal('Sign in');
      expect(refusals).to.deep.equal([]);
    });
  }

  it('informs a person who decides not to sign in', async () => {
    const { page } = await accountContext();
    await page.goto(`${server.url}/account`);
    await page.click('#cancel');
    await page.waitForSelector('.done');
    expect(await heading(page)).to.equal('You have been signed out');
  });
});
