import type { Role } from '../../../src/domain/operators/role.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import type { TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';

export const PASSWORD = 'violet-harbour-lantern';

export interface Seen {
  status: number;
  headers: Headers;
  page: string;
  /** The location of a redirect. */
  next: string;
}

/** A browser whose language is English. */
class EnglishAgent extends BrowserAgent {
  override request(url: string, init: RequestInit = {}): Promise<Response> {
    return super.request(url, { ...init, headers: { 'accept-language': 'en', ...init.headers } });
  }
}

type At = Pick<TestServer, 'url' | 'domain'>;

/** Creates an account with an e-mail address and a password, and with a role where one is given. */
export async function person(
  { domain }: Pick<TestServer, 'domain'>,
  role?: Role,
  more: Partial<Parameters<TestServer['domain']['lifecycle']['create']>[0]> = {},
): Promise<{ id: number; email: string }> {
  const email = `person-${randomHex(64)}@example.com`;
  const { id } = await domain.lifecycle.create({
    password: PASSWORD,
    ...more,
    contacts: [{ kind: 'email', value: email, verified: true }, ...(more.contacts ?? [])],
  });
  if (role) await domain.operators.add(id, role);
  return { id, email };
}

/** A person at a browser who opens the console. */
export class Operator {
  readonly agent: BrowserAgent;
  readonly url: string;
  readonly id: number;
  readonly email: string;
  #shown = '';

  constructor(
    url: string,
    { id, email }: { id: number; email: string },
    agent: BrowserAgent = new EnglishAgent(),
  ) {
    this.url = url;
    this.id = id;
    this.email = email;
    this.agent = agent;
  }

  async #seen(answer: Response): Promise<Seen> {
    const page = await answer.text();
    if (page.includes('name="csrf"')) this.#shown = page;
    const { status, headers } = answer;
    return { status, headers, page, next: headers.get('location') ?? '' };
  }

  /** Opens a page without following redirects. */
  async open(path: string): Promise<Seen> {
    return this.#seen(await this.agent.request(this.url + path));
  }

  /** Posts a form with the token of the page that was seen last, unless the fields include a token. */
  async send(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Seen> {
    const answer = await this.agent.request(this.url + path, {
      method: 'POST',
      body: new URLSearchParams({ csrf: csrfOf(this.#shown), ...fields }),
      headers: { 'sec-fetch-site': 'same-origin', ...headers },
    });
    return this.#seen(answer);
  }

  /** Follows all redirects from a URL without sending a form. */
  async follow(path: string): Promise<Seen> {
    const target = path.startsWith('/') ? this.url + path : path;
    return this.#seen(await this.agent.follow(target));
  }

  /** Enters the e-mail address and the password on the sign-in page that was opened. Returns the last page. */
  async authenticate({ page }: Seen, email = this.email): Promise<Seen> {
    const uid = /\/interaction\/([\w-]+)\//.exec(page)?.[1];
    if (!uid) throw new Error(`no sign-in page at ${this.agent.location}: ${page.slice(0, 300)}`);
    const seen = await this.#seen(
      await this.agent.submit(`/interaction/${uid}/login`, { login: email, password: PASSWORD }, page),
    );
    // another account than the one that is signed in: the browser sends the form that signs the other one out
    const forward = /<form[^>]*action="([^"]+)" data-forward/.exec(seen.page)?.[1];
    if (forward === undefined) return seen;
    return this.#seen(await this.agent.submit(forward, {}, seen.page));
  }

  /** Signs in to the console from one of its pages. */
  async signIn(path = '/console'): Promise<Seen> {
    return this.authenticate(await this.follow(path));
  }
}

/** An operator who has signed in to the console. */
export async function operator(server: At, role: Role): Promise<Operator> {
  const one = new Operator(server.url, await person(server, role));
  const { status, page } = await one.signIn();
  if (status !== 200) throw new Error(`the sign-in ended with ${status}: ${page.slice(0, 300)}`);
  return one;
}

/** The confirmation on a page. */
export const notice = (page: string): string | undefined => /role="status">.*?<span>([^<]+)/s.exec(page)?.[1];
