import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { atEnd } from './at-end.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let launched: Promise<Browser> | undefined;

/** The Chromium of the run. `CHROMIUM_PATH` names its executable. */
function browser(): Promise<Browser> {
  launched ??= (async () => {
    const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
    const started = await chromium.launch({ executablePath, args: ARGUMENTS });
    atEnd(() => started.close());
    return started;
  })();
  return launched;
}

export interface AccountContext {
  page: Page;
  context: BrowserContext;
  /** The violations of a content security policy that the browser has reported so far. */
  refusals: string[];
}

const open: BrowserContext[] = [];

/** Opens a browser context with its own cookies. Its language defaults to English. */
export async function accountContext(options: BrowserContextOptions = {}): Promise<AccountContext> {
  const context = await (await browser()).newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(30_000);
  open.push(context);
  const refusals: string[] = [];
  context.on('console', (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) refusals.push(message.text());
  });
  return { page: await context.newPage(), context, refusals };
}

/** Closes every browser context that tests opened. */
export async function endVisits(): Promise<void> {
  await Promise.all(open.splice(0).map((context) => context.close()));
}
