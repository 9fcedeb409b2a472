import { BrowserAgent } from '../support/browser-agent.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';
import { csrfOf } from './interaction-steps.ts';

/** The response of a page. */
export interface Seen {
  status: number;
  /** The path and query of a redirect on this server, or the whole URL elsewhere. */
  location: string;
  page: string;
  headers: Headers;
}

/** A person at a browser who takes single steps. Forms carry the token of the page that was seen last. */
export function visitor(
  { url, domain }: Pick<TestServer, 'url' | 'domain'>,
  agent = new BrowserAgent(),
  address?: string,
) {
  let shown = '';
  const from: Record<string, string> = address ? { 'x-forwarded-for': address } : {};

  async function seen(answer: Response): Promise<Seen> {
    const page = await answer.text();
    if (page.includes('name="csrf"')) shown = page;
    const location = (answer.headers.get('location') ?? '').replace(url, '');
    return { status: answer.status, location, page, headers: answer.headers };
  }

  const open = async (path: string): Promise<Seen> =>
    seen(await agent.request(url + path, { headers: { 'accept-language': 'en', ...from } }));

  const send = async (path: string, fields: Record<string, string> = {}): Promise<Seen> =>
    seen(
      await agent.request(url + path, {
        method: 'POST',
        body: new URLSearchParams({ csrf: csrfOf(shown), ...fields }),
        headers: { 'sec-fetch-site': 'same-origin', 'accept-language': 'en', ...from },
      }),
    );

  /** Follows redirects on this server, to a page or to a URL elsewhere. */
  async function follow(path: string): Promise<Seen> {
    let answer = await open(path);
    while (answer.location.startsWith('/')) answer = await open(answer.location);
    return answer;
  }

  /** Starts a sign-in of the demonstration's public client. Returns the path of its first page. */
  async function begin(more: Record<string, string> = {}): Promise<string> {
    const request = authorizationUrl(url, pkce().challenge, { prompt: 'consent', ...more });
    const { location } = await open(request.replace(url, ''));
    await follow(location);
    return location;
  }

  /** Allows the client's request, and continues to the client. */
  async function allow(): Promise<URL> {
    const action = /action="(\/interaction\/[\w-]+\/consent)"/.exec(shown)?.[1] ?? '';
    const { location } = await send(action);
    return new URL((await follow(location)).location);
  }

  /** The code of the newest message to a number. */
  async function codeTo(mobile: string): Promise<string> {
    const [newest] = await domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 1 });
    return /\d{6}/.exec(newest?.text ?? '')?.[0] ?? '';
  }

  return { agent, open, send, follow, begin, allow, codeTo };
}

export type Visitor = ReturnType<typeof visitor>;

/** The error messages of the page, in order. */
export const alertsOf = ({ page }: Pick<Seen, 'page'>): string[] =>
  [...page.matchAll(/<li id="error-\d">(?:<a[^>]*>)?([^<]+)/g)].map(([, words = '']) => words);

/** The heading without the markup that keeps words together. */
export const headingOf = ({ page }: Pick<Seen, 'page'>): string =>
  (/<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? '').replaceAll(/<[^>]+>/g, '');
