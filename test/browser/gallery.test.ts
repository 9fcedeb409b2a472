import { readFile } from 'node:fs/promises';
import type axeCore from 'axe-core';
import { expect } from 'chai';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { LOCALES, type Locale } from '../../src/domain/values/locale.ts';
import { type AccountContext, accountContext, endVisits } from '../support/chromium.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { draw } from './draw.ts';

declare const axe: typeof axeCore;

const AXE = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url);
const MOST_BYTES = 51_200;
const PHONE = { width: 360, height: 740 };
const TABLET = { width: 768, height: 1024 };
const DESKTOP = { width: 1280, height: 900 };
const GALLERY_MS = 900_000;

/** A state as a document of its own, outside of the frame in the gallery. */
interface State {
  name: string;
  path: string;
}

const linksIn = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(([, link = '']) => link);

/** Every state that the gallery lists. */
async function statesOf(server: TestServer): Promise<State[]> {
  const read = async (path: string): Promise<string> =>
    (await fetch(server.url + path, { headers: { accept: 'text/html' } })).text();
  const entries = linksIn(await read('/dev/gallery'), /href="(\/dev\/gallery\/[^"]+)"/g);
  const states = await Promise.all(
    entries.map(async (entry) => linksIn(await read(entry), /src="([^"?]+)\?lang=th"/g)),
  );
  return [...new Set(states.flat())].map((path) => ({
    path,
    name: path.replace('/dev/gallery/', '').replaceAll('/', '-'),
  }));
}

/**
 * The broken rules, with the elements that break them. Checks every rule, or those named. The page must have loaded
 * axe.
 */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (only) =>
      axe.run({ resultTypes: ['violations'], ...(only && { runOnly: { type: 'rule', values: only } }) }),
    rules,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** The uncompressed bytes of everything that the page loads, including its icon. */
const weight = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href;
    const size = icon ? (await (await fetch(icon)).blob()).size : 0;
    const parts = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
    return (parts as PerformanceResourceTiming[])
      .filter(({ name }) => name !== icon)
      .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, size);
  });

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Counts layout shifts from the first paint on (Cumulative Layout Shift). */
const watchShifts = `
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;
const shifted = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);

/** Blocks every navigation out of the gallery: a page that submits itself stays where it is. */
async function stayInside(context: BrowserContext): Promise<void> {
  await context.route('**/*', (route) => {
    const request = route.request();
    const isInside = new URL(request.url()).pathname.startsWith('/dev/gallery') && request.method() === 'GET';
    return request.isNavigationRequest() && !isInside ? route.abort('aborted') : route.continue();
  });
}

/** The program of its reader lays a mail out: it has neither our script and style nor a heading of its own. */
const isMail = ({ path }: State): boolean => path.startsWith('/dev/gallery/mails/');

/** The elements that the keyboard reaches, in order, and that do not show the focus. */
async function unseenFocus(page: Page): Promise<string[]> {
  const stops = await page
    .locator('a[href], button, input:not([type=hidden]), select, textarea, summary')
    .count();
  const unseen: string[] = [];
  for (let stop = 0; stop < Math.min(stops, 40); stop += 1) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate(() => {
      const { activeElement: element } = document;
      if (!element || element === document.body) return undefined;
      // the parts of a date field show the focus themselves
      if (element.matches('input[type=date]')) return undefined;
      const style = getComputedStyle(element);
      const ring = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
      return ring ? undefined : element.outerHTML.slice(0, 120);
    });
    if (problem) unseen.push(problem);
  }
  return unseen;
}

/** Runs `check` on every state, in all `pages` concurrently. */
async function onEvery(
  states: readonly State[],
  pages: readonly Page[],
  check: (page: Page, state: State) => Promise<void>,
): Promise<void> {
  const waiting = [...states];
  await Promise.all(
    pages.map(async (page) => {
      for (let state = waiting.shift(); state; state = waiting.shift()) await check(page, state);
    }),
  );
}

/** A page that submits itself never fires `load`, so the state of the document shows when it is ready. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => document.readyState !== 'loading');
}

describe('the gallery in a browser', () => {
  let server: TestServer;
  let states: State[];
  let axeSource: string;

  before(async () => {
    server = await testServer();
    states = await statesOf(server);
    axeSource = await readFile(AXE, 'utf8');
  });
  afterEach(endVisits);

  const checkLooks = async (page: Page, state: State, locale: Locale): Promise<void> => {
    const where = `${state.name} in ${locale}`;
    await page.setViewportSize(DESKTOP);
    // a resize that reaches the next document would count as its layout shift
    await page.waitForFunction((width) => innerWidth === width, DESKTOP.width);
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, `${server.url}${state.path}?lang=${locale}`);
    expect(await page.locator('html').getAttribute('lang'), where).to.equal(locale);
    await page.evaluate(axeSource);
    expect(await violations(page), where).to.deep.equal([]);
    expect(await weight(page), where).to.be.within(500, MOST_BYTES);
    // a late resize of the previous page is not a shift of this one: its own shifts occur again after a reload
    if ((await shifted(page)) >= 0.01) {
      await page.reload();
      await page.evaluate(axeSource);
    }
    expect(await shifted(page), where).to.be.below(0.01);
    expect(await overflow(page), `${where} at 1280`).to.be.at.most(0);
    await draw(page, `${state.name}-${locale}-1280-light`);

    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page, ['color-contrast']), `${where}, dark`).to.deep.equal([]);
    await draw(page, `${state.name}-${locale}-1280-dark`);

    await page.setViewportSize(TABLET);
    expect(await overflow(page), `${where} at 768`).to.be.at.most(0);
    await page.setViewportSize(PHONE);
    expect(await overflow(page), `${where} at 360`).to.be.at.most(0);
    await draw(page, `${state.name}-${locale}-360-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
    await draw(page, `${state.name}-${locale}-360-light`);
  };

  /** One page for each core of a small machine. Each has its own browser context, so that each has the focus. */
  const openPages = (options: BrowserContextOptions): Promise<AccountContext[]> =>
    Promise.all([1, 2].map(() => accountContext(options)));

  for (const locale of LOCALES) {
    it(`has no page or mail that breaks a rule, in ${locale}`, async () => {
      // no intermediate colours while the colour scheme changes
      const visits = await openPages({ reducedMotion: 'reduce' });
      const errors: string[] = [];
      for (const { page, context } of visits) {
        page.on('pageerror', (error) => errors.push(error.message));
        await context.addInitScript(watchShifts);
        await stayInside(context);
      }
      const pages = visits.map(({ page }) => page);
      await onEvery(states, pages, (page, state) => checkLooks(page, state, locale));
      expect(errors).to.deep.equal([]);
      expect(visits.flatMap(({ refusals }) => refusals)).to.deep.equal([]);
      expect(states.length).to.be.above(100);
    }).timeout(GALLERY_MS);
  }

  it('shows where the focus is on every page', async () => {
    const visits = await openPages({ reducedMotion: 'reduce' });
    for (const { context } of visits) await stayInside(context);
    const shown = states.filter((one) => !isMail(one) && one.path.endsWith('/1'));
    const pages = visits.map(({ page }) => page);
    await onEvery(shown, pages, async (page, state) => {
      await open(page, `${server.url}${state.path}?lang=en`);
      expect(await unseenFocus(page), state.name).to.deep.equal([]);
    });
  }).timeout(GALLERY_MS);

  it('has one heading on every page, and fits, without JavaScript', async () => {
    const visits = await openPages({ javaScriptEnabled: false, viewport: PHONE });
    const shown = states.filter((one) => !isMail(one));
    const pages = visits.map(({ page }) => page);
    await onEvery(shown, pages, async (page, state) => {
      await open(page, `${server.url}${state.path}?lang=th`);
      expect(await page.locator('h1').count(), state.name).to.equal(1);
      expect(await overflow(page), `${state.name} at 360`).to.be.at.most(0);
    });
  }).timeout(GALLERY_MS);
});
