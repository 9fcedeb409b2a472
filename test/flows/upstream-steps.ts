import { newMobile, newNationalId } from '../apis/customers/customers-client.ts';
import { type Begun, post } from '../pages/interaction-steps.ts';
import type { BrowserAgent } from '../support/browser-agent.ts';
import type { TestServer } from '../support/server.ts';
import type { Person } from '../support/upstream/issuer.ts';
import { type At, arrived, type TwoSteps } from './two-steps.ts';

let made = 0;

/** A person that no other test uses. */
export function newPerson(more: Partial<Person> = {}): Person {
  made += 1;
  const sub = `person-${process.pid}-${made}`;
  return {
    sub,
    email: `${sub}@example.com`,
    email_verified: true,
    given_name: 'ฝอย',
    family_name: 'ขัดหม้อ',
    ...more,
  };
}

/** The destination to which a provider sends the browser: a URL, or a form that the browser posts. */
export async function approve(url: URL): Promise<{ address: string; form?: URLSearchParams }> {
  const answer = await fetch(url, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location) return { address: location.split('#')[0] ?? '' };
  const page = await answer.text();
  const fields = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
  return {
    address: /action="([^"]+)"/.exec(page)?.[1] ?? '',
    form: new URLSearchParams(
      fields.map(([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')]),
    ),
  };
}

/** Posts a form from another site as a browser does: without cookies. The location that follows gets them again. */
async function posted(agent: BrowserAgent, address: string, form: URLSearchParams): Promise<Response> {
  const answer = await fetch(address, { method: 'POST', body: form, redirect: 'manual' });
  return agent.follow(new URL(answer.headers.get('location') ?? '', address).href);
}

/** Returns from a provider, in a browser. */
export async function comeBack(
  agent: BrowserAgent,
  { address, form }: Awaited<ReturnType<typeof approve>>,
): Promise<At> {
  const answer = form ? await posted(agent, address, form) : await agent.follow(address);
  return arrived(agent, answer);
}

/** Presses the button of a provider. Returns the URL to which the browser is redirected. */
export async function leave(at: Begun, provider: string): Promise<URL> {
  const answer = await post(at, 'upstream', { identity_provider: provider });
  return new URL(answer.headers.get('location') ?? '', at.agent.location);
}

/** Signs in with a provider, from the page with its button to the page after its approval. */
export async function signInWith(flow: TwoSteps, provider: string, at?: At): Promise<At> {
  const begun = at ?? (await flow.start());
  return comeBack(begun.agent, await approve(await leave(begun, provider)));
}

/** The newest code to a mobile. */
export async function codeTo({ domain }: TestServer, mobile: string): Promise<string> {
  const [newest] = await domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 1 });
  return /\d{6}/.exec(newest?.text ?? '')?.[0] ?? '';
}

export const identity = (more: Record<string, string> = {}): Record<string, string> => ({
  ...{ title: '1', firstName: 'ฝอย', lastName: 'ขัดหม้อ', birthDate: '2015-04-03' },
  ...{ thaiId: newNationalId(), email: '' },
  ...more,
});

/** Verifies a mobile in a registration. Returns the form that follows. */
export async function verifyMobile(
  server: TestServer,
  flow: TwoSteps,
  at: At,
  mobile = newMobile(),
): Promise<At> {
  const asked = await flow.send(at, 'upstream/register', { mobile });
  return flow.send(asked, 'upstream/register/code', { code: await codeTo(server, mobile) });
}
