import { expect } from 'chai';
import { upstreamProviders } from '../../../src/domain/upstream/providers.ts';
import { outbound } from '../../../src/lib/outbound.ts';
import { type FakeProvider, fakeGoogle, fakeLine } from '../../support/upstream/kinds.ts';
import { codeOf } from '../empty-domain.ts';

const EXPECTED = { state: 'state', nonce: 'nonce', verifier: 'v'.repeat(43) };
const NO_GRAPH = { graph: { userOf: async () => '' }, graphUrl: 'http://localhost' };

describe('a relying party of a provider', () => {
  let google: FakeProvider;
  let line: FakeProvider;
  let now = Date.now();
  const clock = { now: () => new Date(now) };
  before(async () => {
    [google, line] = await Promise.all([fakeGoogle(), fakeLine()]);
  });
  beforeEach(() => {
    now = Date.now();
    for (const { issuer } of [google, line]) Object.assign(issuer, { mood: {}, asked: [] });
  });

  function partyOf({ settings }: FakeProvider, { allow = ['127.0.0.1'], maxBytes = 65_536 } = {}) {
    const { fetch } = outbound({ allow, timeoutMs: 2500, maxBytes });
    const all = upstreamProviders({
      ...{ issuer: 'https://id.example', settings: [settings], fetch, clock, ...NO_GRAPH },
    });
    const party = all.list[0]?.party;
    if (!party) throw new Error('no provider');
    return party;
  }
  const url = async (fake: FakeProvider, again = false) =>
    new URL(await partyOf(fake).authorizationUrl(EXPECTED, { again }));

  it('asks with state, nonce, PKCE and its own redirect URI', async () => {
    const { searchParams } = await url(google);
    expect(Object.fromEntries(searchParams)).to.deep.include({
      ...{ response_type: 'code', state: 'state', nonce: 'nonce', code_challenge_method: 'S256' },
      ...{ redirect_uri: 'https://id.example/upstream/google/callback', scope: 'openid email profile' },
    });
    expect(searchParams.get('code_challenge')).to.have.length(43);
    expect(searchParams.has('prompt')).to.equal(false);
  });

  it('has the person authenticate again where that is wanted', async () => {
    expect((await url(google, true)).searchParams.get('prompt')).to.equal('select_account');
    expect((await url(line, true)).searchParams.get('prompt')).to.equal('login');
  });

  it('keeps discovery for an hour, and beyond while the provider is down', async () => {
    const party = partyOf(google);
    const ask = () => party.authorizationUrl(EXPECTED, { again: false });
    const asked = () => google.issuer.asked.length;
    await ask();
    await ask();
    expect(asked()).to.equal(1);
    now += 3_601_000;
    await ask();
    expect(asked()).to.equal(2);
    now += 3_601_000;
    google.issuer.mood = { down: true };
    await ask();
    await ask();
    expect(asked()).to.equal(3);
    now += 61_000;
    await ask();
    expect(asked()).to.equal(4);
  });

  it('cannot ask a provider that was never reached', async () => {
    google.issuer.mood = { down: true };
    const party = partyOf(google);
    expect(await codeOf(party.authorizationUrl(EXPECTED, { again: false }))).to.equal('UPSTREAM_UNAVAILABLE');
    google.issuer.mood = {};
    expect(await party.authorizationUrl(EXPECTED, { again: false })).to.include(google.issuer.url);
  });

  it('sends nothing past the guard of outbound requests', async () => {
    const party = partyOf(google, { allow: [] });
    expect(await codeOf(party.authorizationUrl(EXPECTED, { again: false }))).to.equal('UPSTREAM_UNAVAILABLE');
    expect(google.issuer.asked).to.deep.equal([]);
    const small = partyOf(google, { maxBytes: 10 });
    expect(await codeOf(small.authorizationUrl(EXPECTED, { again: false }))).to.equal('UPSTREAM_UNAVAILABLE');
  });

  it('refuses a discovery document of another issuer', async () => {
    const settings = { ...google.settings, issuer: `${google.issuer.url}/tenant` };
    const party = partyOf({ ...google, settings } as FakeProvider);
    expect(await codeOf(party.authorizationUrl(EXPECTED, { again: false }))).to.equal('UPSTREAM_UNAVAILABLE');
  });

  it('refuses a code that the provider does not know', async () => {
    const party = partyOf(line);
    const response = { code: 'made-up', state: 'state' };
    expect(await codeOf(party.redeem(response, EXPECTED))).to.equal('UPSTREAM_INVALID');
  });
});
