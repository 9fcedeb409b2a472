import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/** The pictures of `docs/images/`, with the path on a development server and the size of the part of the page. */
const PICTURES: Record<string, { path: string; width: number; height: number }> = {
  'sign-in': { path: '/account', width: 440, height: 640 },
  consent: { path: '/dev/gallery/sign-in/consent/1', width: 440, height: 640 },
  account: { path: '/dev/gallery/account/security/1', width: 440, height: 640 },
  mail: { path: '/dev/gallery/mails/password-changed/1', width: 440, height: 640 },
  console: { path: '/dev/gallery/console/today/1', width: 900, height: 640 },
};

async function draw(page: Page, url: string, file: string): Promise<void> {
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.screenshot({ path: file });
}

/**
 * Takes pictures for the documentation in Chromium: `node scripts/pictures.ts URL NAME [FILE]`. The arguments are the
 * URL of a development server, a name of `PICTURES`, and the file name if it differs from the name.
 */
async function main([url, name = '', file = name]: string[]): Promise<void> {
  const picture = PICTURES[name];
  if (!url || !picture) throw new Error(`URL and one of ${Object.keys(PICTURES).join(', ')} are needed`);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const { path, width, height } = picture;
    const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB' });
    const target = fileURLToPath(new URL(`../docs/images/${file}.png`, import.meta.url));
    await draw(await context.newPage(), new URL(`${path}?lang=en`, url).href, target);
  } finally {
    await browser.close();
  }
}

await main(process.argv.slice(2));
