import { BrowserAgent } from '../../support/browser-agent.ts';
import type { TestServer } from '../../support/server.ts';

export interface KeptMessage {
  channel: 'sms' | 'mail';
  to: string;
  subject: string | null;
  text: string;
}

/** The messages to a mobile or an address, newest first. */
export async function messagesTo({ url }: Pick<TestServer, 'url'>, to: string): Promise<KeptMessage[]> {
  const answer = await fetch(`${url}/dev/outbox?${new URLSearchParams({ to })}`, {
    headers: { accept: 'application/json' },
  });
  return (await answer.json()) as KeptMessage[];
}

/** The newest link to a page of the server with this path that was mailed to an address. */
export async function linkTo(server: Pick<TestServer, 'url'>, to: string, path: string): Promise<string> {
  const links = (await messagesTo(server, to)).flatMap(({ text }) => text.match(/https?:\/\/\S+/g) ?? []);
  const link = links.find((one) => new URL(one).pathname === path);
  if (!link) throw new Error(`no link to ${path} was mailed to ${to}`);
  return link;
}

/** Opens a link as its recipient would. `press` submits the form of its page; `fields` names the button. */
export async function openLink(link: string) {
  const agent = new BrowserAgent();
  const page = await agent.request(link);
  const text = await page.text();
  return {
    page,
    press: (fields: Record<string, string> = {}) => agent.submit(new URL(link).pathname, fields, text),
  };
}

/**
 * Opens a link and presses its button. Returns the next page, or the page with the reason why the link does not
 * work.
 */
export async function pressOn(link: string, fields: Record<string, string> = {}): Promise<Response> {
  const { page, press } = await openLink(link);
  return page.ok ? press(fields) : page;
}
