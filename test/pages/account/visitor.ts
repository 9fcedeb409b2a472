import type { NewAccount } from '../../../src/domain/lifecycle/lifecycle.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { hasPassword } from '../../support/has-password.ts';
import { checkAnswer } from '../../support/openapi.ts';
import type { TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';

export const PASSWORD = 'correct-horse-battery';

let made = 0;

/** A mobile and an e-mail address that no other test uses. */
export function newContacts(): { mobile: string; email: string } {
  made += 1;
  const number = String((process.pid % 9000) * 1000 + made).padStart(7, '0');
  return { mobile: `08${made % 10}${number}`, email: `account-${process.pid}-${made}@example.com` };
}

export interface Seen {
  status: number;
  headers: Headers;
  page: string;
  /** The location of a redirect. */
  next: string;
}

/** A person at a browser, with an account of their own. */
export class Visitor {
  readonly agent = new BrowserAgent();
  readonly server: TestServer;
  readonly id: number;
  readonly mobile: string;
  readonly email: string;

  constructor(server: TestServer, id: number, contacts: { mobile: string; email: string }) {
    this.server = server;
    this.id = id;
    this.mobile = contacts.mobile;
    this.email = contacts.email;
  }

  /** Signs in on the pages, from a page of the account area or `/account`, and returns to it. */
  async signIn(path = '/account?lang=en', password = PASSWORD): Promise<this> {
    await signInToAccount(this.agent, this.server.url + path, { login: this.email, password });
    return this;
  }

  async #seen(answer: Response, operation: string): Promise<Seen> {
    const page = await answer.text();
    // the documents do not describe the body of a redirect
    checkAnswer(operation, answer.status, answer.headers, answer.status === 303 ? '' : page);
    return {
      status: answer.status,
      headers: answer.headers,
      page,
      next: answer.headers.get('location') ?? '',
    };
  }

  /** Opens a page without following redirects. */
  async open(path: string): Promise<Seen> {
    const answer = await this.agent.request(this.server.url + path);
    return this.#seen(answer, `GET ${new URL(path, 'http://page').pathname}`);
  }

  /** Sends a form of a page as its browser would. Its token defaults to that of the page. */
  async send(
    path: string,
    fields: Record<string, string>,
    { on = path, csrf }: { on?: string; csrf?: string } = {},
  ): Promise<Seen> {
    const token = csrf ?? csrfOf((await this.open(on)).page);
    return this.post(path, new URLSearchParams({ csrf: token, ...fields }));
  }

  async post(path: string, body: URLSearchParams | FormData): Promise<Seen> {
    const answer = await this.agent.request(this.server.url + path, {
      method: 'POST',
      body,
      headers: { origin: this.server.url, 'sec-fetch-site': 'same-origin' },
    });
    return this.#seen(answer, `POST ${path}`);
  }

  account() {
    return this.server.domain.accounts.find(this.id);
  }

  /** Whether this is the password of the account. */
  has(password: string): Promise<boolean> {
    return hasPassword(this.server.database, this.id, password);
  }
}

/** Follows a URL of the account area through a sign-in. Returns the last response. */
export async function signInToAccount(
  agent: BrowserAgent,
  url: string,
  person: { login: string; password: string },
): Promise<Response> {
  const answer = await agent.follow(url);
  const page = await answer.text();
  const uid = /\/interaction\/([\w-]+)\//.exec(page)?.[1];
  if (!uid) throw new Error(`no sign-in page at ${agent.location}: ${answer.status} ${page.slice(0, 400)}`);
  return agent.submit(`/interaction/${uid}/login`, person, page);
}

/** A person with an account whose contacts are verified, at a browser that is not signed in. */
export async function somebody(server: TestServer, more: Partial<NewAccount> = {}): Promise<Visitor> {
  const contacts = newContacts();
  const { id } = await server.domain.lifecycle.create({
    password: PASSWORD,
    contacts: [
      { kind: 'mobile', value: contacts.mobile, verified: true },
      { kind: 'email', value: contacts.email, verified: true },
    ],
    ...more,
  });
  return new Visitor(server, id, contacts);
}

/** The error messages of a page. */
export const alerts = (page: string): string[] =>
  [...page.matchAll(/<li id="error-\d+">(?:<a[^>]*>)?([^<]+)/g)].map(([, words = '']) => words);

/** The confirmation on a page. */
export const notice = (page: string): string | undefined =>
  /<p class="notice"[^>]*>.*?<span>([^<]+)/s.exec(page)?.[1];
