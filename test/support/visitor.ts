import { BrowserAgent } from './browser-agent.ts';

/** A person at a browser, with the page that was shown last. */
export class Visitor extends BrowserAgent {
  page = '';
  status = 0;

  async see(answer: Response): Promise<string> {
    this.status = answer.status;
    this.page = answer.headers.get('location') ?? (await answer.text());
    return this.page;
  }

  async open(url: string): Promise<string> {
    return this.see(await this.follow(url));
  }

  /** Submits the form of the current page. */
  async send(fields: Record<string, string>, action = this.location): Promise<string> {
    return this.see(await this.submit(action, fields, this.page));
  }
}
