import { expect } from 'chai';
import { accountContext, endVisits } from '../support/chromium.ts';
import type { TestServer } from '../support/server.ts';
import { deviceCodes, poll } from './device.ts';
import { testParty } from './relying-party.ts';
import { agree, consentOnce, heading, signIn } from './steps.ts';

describe('connecting a device with a browser', () => {
  let server: TestServer;

  before(async () => {
    ({ server } = await testParty());
  });
  afterEach(endVisits);

  for (const javaScriptEnabled of [true, false]) {
    it(`works, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const codes = await deviceCodes(server);
      expect((await poll(server, codes.device_code)).body.error).to.equal('authorization_pending');
      const { page, refusals } = await accountContext({ javaScriptEnabled });
      await page.goto(`${server.url}/device`);
      // people enter the code in any spelling
      await page.fill('#user_code', codes.user_code.toLowerCase().replace('-', ' '));
      await agree(page);
      await page.waitForSelector('.code-shown');
      expect(await heading(page)).to.equal('Connect Living-room TV?');
      expect(await page.locator('.code-shown').innerText()).to.equal(codes.user_code);
      await agree(page);
      await signIn(page);
      await consentOnce(page);
      expect(await heading(page)).to.equal('Your device is connected');
      expect((await poll(server, codes.device_code)).body.access_token).to.be.a('string');
      expect(refusals).to.deep.equal([]);
    });

    it(`opens from the device's own link, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const codes = await deviceCodes(server);
      const { page, refusals } = await accountContext({ javaScriptEnabled });
      await page.goto(codes.verification_uri_complete);
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForSelector('.code-shown');
      expect(await page.locator('.code-shown').innerText()).to.equal(codes.user_code);
      expect(refusals).to.deep.equal([]);
    });
  }

  it('can be refused', async () => {
    const codes = await deviceCodes(server);
    const { page } = await accountContext();
    await page.goto(`${server.url}/device`);
    await page.fill('#user_code', codes.user_code);
    await agree(page);
    await page.waitForSelector('.code-shown');
    await page.click('#cancel');
    await page.waitForSelector('.notice');
    expect(await page.locator('.notice').innerText()).to.equal('The device was not connected.');
    expect((await poll(server, codes.device_code)).body.error).to.equal('access_denied');
  });
});
