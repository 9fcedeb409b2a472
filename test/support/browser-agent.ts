/** The HTTP side of a browser without JavaScript: cookies, redirects and forms. */
export class BrowserAgent {
  readonly #cookies = new Map<string, { value: string; path: string }>();
  #at = 'http://localhost';

  /** The URL of the last response. */
  get location(): string {
    return this.#at;
  }

  get cookies(): ReadonlyMap<string, { value: string; path: string }> {
    return this.#cookies;
  }

  setCookie(name: string, value: string, path = '/'): void {
    this.#cookies.set(name, { value, path });
  }

  #cookieHeader(path: string): string {
    return [...this.#cookies]
      .filter(([, cookie]) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  #remember(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
      if (/expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path });
    }
  }

  /** Sends one request without following redirects. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url, this.#at);
    const headers = new Headers({ accept: 'text/html', ...(init.headers as Record<string, string>) });
    const cookie = this.#cookieHeader(target.pathname);
    if (cookie) headers.set('cookie', cookie);
    const answer = await fetch(target, { ...init, headers, redirect: 'manual' });
    this.#at = target.href;
    this.#remember(answer);
    return answer;
  }

  /**
   * Follows redirects while they stay on the server's own origin. Returns the last response, which may redirect to
   * another origin.
   */
  async follow(url: string, init: RequestInit = {}): Promise<Response> {
    let answer = await this.request(url, init);
    for (;;) {
      const next = answer.headers.get('location');
      if (!next) return answer;
      const target = new URL(next, this.#at);
      if (target.origin !== new URL(this.#at).origin) return answer;
      answer = await this.request(target.href);
    }
  }

  /** Posts a form with the hidden fields of its page, which include the CSRF token, and follows redirects. */
  async submit(action: string, fields: Record<string, string>, page: string): Promise<Response> {
    const hidden = Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const body = new URLSearchParams({ ...hidden, ...fields });
    return this.follow(action, {
      method: 'POST',
      body,
      headers: { origin: new URL(this.#at).origin, 'sec-fetch-site': 'same-origin' },
    });
  }
}
