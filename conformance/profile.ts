import sharp from 'sharp';
import { BrowserAgent } from '../test/support/browser-agent.ts';
import type { Person } from '../test/support/code-flow.ts';

const PICTURE = { create: { width: 20, height: 10, channels: 3 as const, background: '#c08040' } };

const csrfOf = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

/**
 * Adds the data that an import does not have, an address and a picture, as the owner on the account pages. Throws when
 * the pages refuse it.
 */
export async function completeProfile(issuer: string, { login, password }: Person): Promise<void> {
  const agent = new BrowserAgent();
  const asked = await (await agent.follow(`${issuer}/account/profile`)).text();
  const uid = /\/interaction\/([\w-]+)\//.exec(asked)?.[1];
  if (!uid) throw new Error(`no sign-in page at ${agent.location}`);
  const form = await (await agent.submit(`/interaction/${uid}/login`, { login, password }, asked)).text();
  const address = { address: '99 Sukhumvit Road', addressTown: 'Khlong Toei', addressRegion: 'Bangkok' };
  const saved = await agent.submit(
    '/account/profile',
    { firstName: 'Somchai', ...address, addressPostcode: '10110', country: 'TH' },
    form,
  );
  const picture = await (await agent.request(`${issuer}/account/picture`)).text();
  const body = new FormData();
  body.append('csrf', csrfOf(picture));
  body.append('file', new Blob([new Uint8Array(await sharp(PICTURE).png().toBuffer())]), 'me.png');
  const sent = await agent.request(`${issuer}/account/picture`, {
    method: 'POST',
    body,
    headers: { origin: issuer, 'sec-fetch-site': 'same-origin' },
  });
  if (saved.status !== 200 || sent.status !== 303)
    throw new Error(`the profile was not saved: ${saved.status}, ${sent.status}`);
}
