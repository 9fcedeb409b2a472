import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { LOCALES } from '../../src/domain/values/locale.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import type { TestServer } from '../support/server.ts';
import { draw } from './draw.ts';
import { type RelyingParty, testParty } from './relying-party.ts';
import { tour } from './tour.ts';

const NARROW = { width: 320, height: 640 };
const MIDDLE = { width: 768, height: 1024 };
const WIDE = { width: 1100, height: 800 };
/** The pages and states of pages that the tour visits. */
const STOPS = 52;
const TOUR_MS = 240_000;

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('every page in a browser', () => {
  let server: TestServer;
  let party: RelyingParty;

  before(async () => {
    ({ server, party } = await testParty());
    await server.domain.outbox.add({
      channel: 'mail',
      kind: 'signed-out-everywhere',
      to: 'somchai@example.com',
      locale: 'th',
      values: {},
      lifetimeSeconds: 600,
    });
  });
  // each tour requests codes and mails to the same numbers and addresses
  beforeEach(() => forgetCounts(server.database));
  afterEach(endVisits);

  for (const locale of LOCALES) {
    it(`is reached and fits, in ${locale}`, async () => {
      const { page, refusals } = await accountContext({ reducedMotion: 'reduce', viewport: WIDE });
      const seen: string[] = [];
      async function look(name: string): Promise<void> {
        seen.push(name);
        expect(await page.locator('html').getAttribute('lang'), name).to.equal(locale);
        for (const size of [MIDDLE, NARROW, WIDE]) {
          await page.setViewportSize(size);
          expect(await overflow(page), `${name} at ${size.width}`).to.be.at.most(0);
        }
        await draw(page, `${name}-${locale}`);
      }
      await tour({ server, party, page, locale, look });
      expect(seen).to.have.length(STOPS);
      expect(refusals).to.deep.equal([]);
    }).timeout(TOUR_MS);
  }

  for (const locale of LOCALES) {
    it(`is reached and fits without JavaScript too, in ${locale}`, async () => {
      const { page } = await accountContext({ javaScriptEnabled: false, viewport: WIDE });
      let seen = 0;
      async function look(name: string): Promise<void> {
        seen += 1;
        expect(await page.locator('html').getAttribute('lang'), name).to.equal(locale);
        expect(await page.locator('h1').count(), name).to.equal(1);
        for (const size of [MIDDLE, NARROW, WIDE]) {
          await page.setViewportSize(size);
          expect(await overflow(page), `${name} at ${size.width}`).to.be.at.most(0);
        }
      }
      await tour({ server, party, page, locale, look });
      expect(seen).to.equal(STOPS);
    }).timeout(TOUR_MS);
  }

  it('has a dark ground in dark mode', async () => {
    const brightness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
      const { page } = await accountContext({ colorScheme });
      await page.goto(server.url);
      const colour = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      return Number(/\d+/.exec(colour)?.[0]);
    };
    expect(await brightness('light')).to.be.above(200);
    expect(await brightness('dark')).to.be.below(60);
  });
});
