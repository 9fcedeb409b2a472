import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type axeCore from 'axe-core';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { LOCALES } from '../../src/domain/values/locale.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import type { TestServer } from '../support/server.ts';
import { type RelyingParty, testParty } from './relying-party.ts';
import { tour } from './tour.ts';

declare const axe: typeof axeCore;

const AXE = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url);
const MOST_BYTES = 51_200;
const NARROW = { width: 320, height: 640 };
const MIDDLE = { width: 768, height: 1024 };
const WIDE = { width: 1100, height: 800 };
/** Pages and states of pages that the tour sees. */
const STOPS = 50;
const TOUR_MS = 240_000;

/** Rules broken, with the elements that break them; every rule, or those named. */
async function violations(page: Page, axeSource: string, rules?: string[]): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations: found } = await page.evaluate(
    (only) => axe.run(only ? { runOnly: { type: 'rule', values: only } } : {}),
    rules,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Uncompressed bytes of everything that the page is made of, its icon too. */
const weight = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';
    const { size } = await (await fetch(icon)).blob();
    const parts = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
    return (parts as PerformanceResourceTiming[])
      .filter(({ name }) => name !== icon)
      .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, size);
  });

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** With `SCREENSHOTS=<name>` each page is drawn to `<temporary folder>/<name>`. */
async function draw(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  const folder = join(tmpdir(), process.env.SCREENSHOTS);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

describe('every page in a browser', () => {
  let server: TestServer;
  let party: RelyingParty;
  let axeSource: string;

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
    axeSource = await readFile(AXE, 'utf8');
  });
  // each tour asks for codes and mails to the same numbers and addresses
  beforeEach(() => forgetCounts(server.database));
  afterEach(endVisits);

  for (const locale of LOCALES) {
    it(`can be used by everybody, day and night, fits a small phone and is small, in ${locale}`, async () => {
      // no colours in between while a scheme changes
      const { page, refusals } = await accountContext({ reducedMotion: 'reduce', viewport: WIDE });
      const seen: string[] = [];
      async function look(name: string): Promise<void> {
        seen.push(name);
        expect(await page.locator('html').getAttribute('lang'), name).to.equal(locale);
        expect(await violations(page, axeSource), name).to.deep.equal([]);
        expect(await weight(page), name).to.be.within(1000, MOST_BYTES);
        await draw(page, `${name}-${locale}`);

        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await violations(page, axeSource, ['color-contrast']), `${name}, dark`).to.deep.equal([]);
        await draw(page, `${name}-${locale}-dark`);

        for (const size of [MIDDLE, NARROW]) {
          await page.setViewportSize(size);
          expect(await overflow(page), `${name} at ${size.width}`).to.be.at.most(0);
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await draw(page, `${name}-${locale}-narrow`);
        await page.setViewportSize(WIDE);
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
