import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { accountContext, endVisits } from '../support/chromium.ts';
import type { TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { testParty } from './relying-party.ts';
import { agree, heading, signIn } from './steps.ts';

describe('leaving in a browser', () => {
  let server: TestServer;
  before(async () => {
    ({ server } = await testParty());
  });
  afterEach(endVisits);

  for (const javaScriptEnabled of [true, false]) {
    it(`takes the data along, and the account away, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const login = `leaving-${javaScriptEnabled}@example.com`;
      const { id } = await server.domain.lifecycle.create({
        password: SOMCHAI.password,
        contacts: [{ kind: 'email', value: login, verified: true }],
      });
      const { page, refusals } = await accountContext({
        javaScriptEnabled,
        viewport: { width: 320, height: 640 },
      });
      await page.goto(`${server.url}/account/export`);
      await signIn(page, { login, password: SOMCHAI.password });
      await page.waitForURL(`${server.url}/account/export`);
      // the page stays, and its button works again
      for (const _time of ['first', 'second']) {
        const [download] = await Promise.all([page.waitForEvent('download'), agree(page)]);
        expect(download.suggestedFilename()).to.equal(`account-${id}.json`);
        const file = JSON.parse(await readFile(await download.path(), 'utf8'));
        expect(file.contacts[0].value).to.equal(login);
      }

      await page.goto(`${server.url}/account/delete`);
      await page.fill('#confirmation', 'delete');
      await agree(page);
      await page.waitForURL(`${server.url}/account/delete/done?receipt=*`);
      expect(await heading(page)).to.equal('Your account has been deleted');
      await page.goto(`${server.url}/account`);
      expect(await page.locator('#login').isVisible()).to.equal(true);
      expect(refusals).to.deep.equal([]);
    });
  }
});
