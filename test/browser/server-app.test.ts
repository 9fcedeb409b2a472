import { expect } from 'chai';
import { accountContext, endVisits } from '../support/chromium.ts';
import { type RelyingParty, testParty } from './relying-party.ts';
import { agree, signIn } from './steps.ts';

describe('openid-client with response_mode=form_post', () => {
  let party: RelyingParty;

  before(async () => {
    ({ party } = await testParty());
  });
  afterEach(endVisits);

  for (const javaScriptEnabled of [true, false]) {
    it(`brings the answer to another origin, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const { page, refusals } = await accountContext({ javaScriptEnabled });
      const posts: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') posts.push(request.url());
      });
      await page.goto(`${party.url}/server/login`);
      await signIn(page);
      const consent = page.locator('.grants');
      const sent = page.getByRole('button', { name: 'Continue' });
      const arrived = page.locator('h1', { hasText: 'Hello' });
      await consent.or(sent).or(arrived).first().waitFor();
      if (await consent.isVisible()) await agree(page);
      if (!javaScriptEnabled) await sent.click();
      await arrived.waitFor();
      expect(await arrived.innerText()).to.match(/^Hello \d+$/);
      expect(posts.at(-1)).to.equal(`${party.url}/server/cb`);
      expect(refusals).to.deep.equal([]);
    });
  }
});
