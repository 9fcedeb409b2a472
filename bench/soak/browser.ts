import type { Target } from './target.ts';

/** A browser with cookies. */
export class Browser {
  readonly #cookies = new Map<string, string>();
  readonly #target: Target;
  /** The time of the last sign-in page, by `performance.now()`. */
  signedInAt = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  async #request(
    path: string,
    init: RequestInit,
  ): Promise<{ status: number; location: string; text: string }> {
    const answer = await this.#target.fetch(path, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...init.headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      text: await answer.text(),
    };
  }

  /** Follows redirects within the server. Returns the URL of a redirect to a client, or the page. */
  async go(path: string, init: RequestInit = {}): Promise<{ away?: URL; page: string; status: number }> {
    let answer = await this.#request(path, init);
    while (answer.location !== '') {
      const next = new URL(answer.location, this.#target.issuer);
      if (next.origin !== this.#target.issuer) return { away: next, page: '', status: answer.status };
      answer = await this.#request(next.pathname + next.search, {});
    }
    return { page: answer.text, status: answer.status };
  }

  /** Submits a form of a page. */
  submit(action: string, fields: Record<string, string>, page: string) {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    return this.go(action, {
      method: 'POST',
      body: new URLSearchParams({
        ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
        ...fields,
      }),
      headers: { origin: this.#target.issuer, 'sec-fetch-site': 'same-origin' },
    });
  }

  /** Deletes all cookies except the device: the next sign-in is a new session of the same browser. */
  forgetSession(): void {
    for (const name of this.#cookies.keys()) if (name !== 'device') this.#cookies.delete(name);
  }
}
