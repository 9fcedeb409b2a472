import { expect } from 'chai';
import { randomToken } from '../../src/lib/ids.ts';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { group, notApplicable, SPECS } from '../check.ts';
import { clientUrl, open, type SignedIn, signIn, verified } from '../flow.ts';
import type { Target } from '../target.ts';
import { LONG_STATE } from './happy-flow.ts';

const HOME = 'https://client.example/out';
const CONFIRM = '/oauth/logout/confirm';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const signInToLeave = async (target: Target, metadata = {}): Promise<SignedIn> =>
  signIn(target, {}, { client: await target.client({ post_logout_redirect_uris: [HOME], ...metadata }) });

const leave = (target: Target, { agent }: SignedIn, params: Record<string, string>): Promise<Response> =>
  agent.follow(`${target.endpoint('end_session_endpoint')}?${new URLSearchParams(params)}`);

const confirm = async ({ agent }: SignedIn, answer: Response): Promise<Response> =>
  agent.submit(CONFIRM, { logout: 'yes' }, await answer.text());

async function hasSession(target: Target, { agent, client }: SignedIn): Promise<boolean> {
  const { searchParams } = clientUrl(await open(target, client, { prompt: 'none' }, agent));
  if (!searchParams.has('code')) expect(searchParams.get('error')).to.equal('login_required');
  return searchParams.has('code');
}

const unsigned = (token: string): string =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`;

export const logout = group('logout', (check) => {
  const states: [string, string, Record<string, string>][] = [
    ['state', 'with its exact state', { state: LONG_STATE }],
    ['no-state', 'without a state', {}],
  ];
  for (const [id, title, state] of states)
    check(id, `${SPECS.logout} §2`, `ends at the client ${title}`, async (target) => {
      const visit = await signInToLeave(target);
      const params = { id_token_hint: visit.tokens.id_token, post_logout_redirect_uri: HOME, ...state };
      const asked = await leave(target, visit, params);
      const back = clientUrl(asked.headers.has('location') ? asked : await confirm(visit, asked));
      expect(back.origin + back.pathname).to.equal(HOME);
      expect(Object.fromEntries(back.searchParams)).to.deep.equal(state);
      expect(await hasSession(target, visit)).to.equal(false);
    });

  const refusals: Record<string, (token: string) => Record<string, string>> = {
    'an address that is not registered': () => ({ post_logout_redirect_uri: 'https://evil.example/out' }),
    'a registered address with a query': () => ({ post_logout_redirect_uri: `${HOME}?added=1` }),
    'an unsigned hint': (token) => ({ id_token_hint: unsigned(token) }),
    'a hint that is none': () => ({ id_token_hint: 'nothing' }),
  };
  for (const [name, params] of Object.entries(refusals))
    check(name.replaceAll(' ', '-'), `${SPECS.logout} §3`, `never leads away for ${name}`, async (target) => {
      const visit = await signInToLeave(target);
      const right = { id_token_hint: visit.tokens.id_token, post_logout_redirect_uri: HOME };
      const answer = await leave(target, visit, { ...right, ...params(visit.tokens.id_token) });
      expect(answer.headers.get('location')).to.equal(null);
      expect(await answer.text()).to.match(/invalid_request|post_logout_redirect_uri|id_token_hint/);
    });

  check('no-hint', `${SPECS.logout} §3`, 'never leads away without a hint', async (target) => {
    const visit = await signInToLeave(target);
    const answer = await leave(target, visit, { post_logout_redirect_uri: HOME });
    const done = answer.status === 200 ? await confirm(visit, answer) : answer;
    expect(done.headers.get('location')).to.equal(null);
  });

  const plain: Record<string, Record<string, string>> = { nothing: {}, 'a state only': { state: 's' } };
  for (const [name, params] of Object.entries(plain))
    check(
      name.replaceAll(' ', '-'),
      `${SPECS.logout} §2`,
      `with ${name} asks, and ends here`,
      async (target) => {
        const visit = await signInToLeave(target);
        const asked = await leave(target, visit, params);
        expect([asked.status, await hasSession(target, visit)]).to.deep.equal([200, true]);
        const done = await confirm(visit, asked);
        expect([done.status, done.headers.get('location')]).to.deep.equal([200, null]);
        expect(await hasSession(target, visit)).to.equal(false);
      },
    );

  check('hint-only', `${SPECS.logout} §2`, 'with a hint only ends here', async (target) => {
    const visit = await signInToLeave(target);
    const done = await confirm(visit, await leave(target, visit, { id_token_hint: visit.tokens.id_token }));
    expect([done.status, done.headers.get('location')]).to.deep.equal([200, null]);
    expect(await hasSession(target, visit)).to.equal(false);
  });

  check('post', `${SPECS.logout} §2`, 'takes the request by POST', async (target) => {
    const answer = await new BrowserAgent().follow(target.endpoint('end_session_endpoint'), {
      method: 'POST',
      body: new URLSearchParams({ state: 's' }),
      headers: { origin: 'https://client.example' },
    });
    expect(answer.status).to.equal(200);
  });

  check(
    'backchannel',
    `${SPECS.backchannel} §2.4`,
    'is told to clients by a right logout token',
    async (target) => {
      const { party, metadata } = target;
      expect(metadata).to.include({
        ...{ backchannel_logout_supported: true, backchannel_logout_session_supported: true },
      });
      if (!party) return notApplicable('the server cannot reach a host of ours');
      const path = `/logout/${randomToken(64)}`;
      party.documents.set(path, {});
      const visit = await signInToLeave(target, {
        backchannel_logout_uri: `${party.url}${path}`,
        backchannel_logout_session_required: true,
      });
      await confirm(visit, await leave(target, visit, { id_token_hint: visit.tokens.id_token }));
      const { method, body, headers } = await party.received(path);
      expect(method).to.equal('POST');
      expect(headers['content-type']).to.match(/^application\/x-www-form-urlencoded/);
      const fields = new URLSearchParams(body);
      expect([...fields.keys()]).to.deep.equal(['logout_token']);
      const { payload } = await verified(target, fields.get('logout_token') ?? '', {
        audience: visit.client.id,
      });
      expect(payload).to.include({ sub: visit.claims.sub, sid: visit.claims.sid });
      expect(payload.events).to.deep.equal({ [EVENT]: {} });
      expect(payload).to.include.keys('iat', 'jti').and.not.have.property('nonce');
    },
  );
});
