import { expect } from 'chai';
import { type FacebookGraph, facebookGraph } from '../../../src/domain/upstream/facebook-graph.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { codeOf } from '../empty-domain.ts';

const OURS = { appId: '138483919580948', appSecret: 'secret' };
const GOOD = { app_id: OURS.appId, user_id: '10215241773831025', type: 'USER', is_valid: true };

/** A Graph API that always returns one response. `urls` are the requested URLs. */
function graph(answer: () => Promise<Response>, change: Partial<Parameters<typeof facebookGraph>[0]> = {}) {
  const urls: URL[] = [];
  const fetch = (url: URL): Promise<Response> => {
    urls.push(url);
    return answer();
  };
  const made: FacebookGraph = facebookGraph({
    app: () => OURS,
    graphUrl: 'https://graph.example/v23.0/',
    clock: systemClock,
    fetch,
    ...change,
  });
  return { ...made, urls };
}

const saying = (body: unknown, status = 200) =>
  graph(async () => new Response(JSON.stringify(body), { status }));

describe('Facebook’s Graph API', () => {
  it('is asked about the token in the name of our app', async () => {
    const asked = saying({ data: GOOD });
    expect(await asked.userOf('the token&access_token=x')).to.equal(GOOD.user_id);
    const [url] = asked.urls;
    expect(`${url?.origin}${url?.pathname}`).to.equal('https://graph.example/v23.0/debug_token');
    expect([...(url?.searchParams ?? [])]).to.deep.equal([
      ['input_token', 'the token&access_token=x'],
      ['access_token', `${OURS.appId}|${OURS.appSecret}`],
    ]);
  });

  it('lets in a user whose token does not expire, or not yet', async () => {
    const soon = Math.floor(Date.now() / 1000) + 60;
    for (const expires_at of [0, soon, undefined])
      expect(await saying({ data: { ...GOOD, expires_at } }).userOf('x')).to.equal(GOOD.user_id);
    expect(await saying({ data: { ...GOOD, user_id: 1_207_059 } }).userOf('x')).to.equal('1207059');
  });

  it('refuses what Facebook declares invalid', async () => {
    const past = Math.floor(Date.now() / 1000) - 1;
    const bad = [
      { is_valid: false },
      { ...GOOD, is_valid: false },
      { ...GOOD, app_id: '1384839195809480' },
      { ...GOOD, app_id: undefined },
      { ...GOOD, user_id: undefined },
      { ...GOOD, type: 'PAGE' },
      { ...GOOD, expires_at: past },
      { ...GOOD, expires_at: 1 },
    ];
    for (const data of bad)
      expect(await codeOf(saying({ data }).userOf('x')), JSON.stringify(data)).to.equal('FACEBOOK_REFUSED');
    expect(await codeOf(saying({ error: { code: 100, message: 'x' } }, 400).userOf('x'))).to.equal(
      'FACEBOOK_REFUSED',
    );
  });

  it('is unreachable whenever Facebook declares neither', async () => {
    const unclear: [body: unknown, status?: number][] = [
      [{ data: GOOD }, 500],
      [{ data: GOOD }, 401],
      [{ error: { code: 100 } }, 500],
      [{ error: { code: 190 } }, 400],
      [{ error: { code: 4 } }, 403],
      [{ data: { ...GOOD, is_valid: 'true' } }],
      [{ data: { ...GOOD, is_valid: undefined } }],
      // JSON parsing has rounded it: it may be another user
      [{ data: { ...GOOD, user_id: Number('102152417738310255') } }],
      [{ data: { ...GOOD, user_id: [GOOD.user_id] } }],
      [{ data: { ...GOOD, user_id: '' } }],
      [{}],
      [[]],
      ['ok'],
      [null],
    ];
    for (const [body, status] of unclear)
      expect(await codeOf(saying(body, status).userOf('x')), JSON.stringify(body)).to.equal('UNAVAILABLE');
    const broken = [
      () => Promise.reject(new Error('no connection')),
      async () => new Response('<html>'),
      async () => new Response(''),
      async () => new Response('{"data":'),
    ];
    for (const answer of broken) expect(await codeOf(graph(answer).userOf('x'))).to.equal('UNAVAILABLE');
  });

  it('is not asked without an app and its secret', async () => {
    for (const missing of [{ appId: undefined }, { appSecret: undefined }, { appId: '', appSecret: '' }]) {
      const off = graph(async () => new Response(JSON.stringify({ data: GOOD })), { app: () => missing });
      expect(await codeOf(off.userOf('x'))).to.equal('FACEBOOK_OFF');
      expect(off.urls).to.deep.equal([]);
      expect(off.isConfigured()).to.equal(false);
    }
  });
});
