import { expect } from 'chai';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { authorize, requestUrl } from '../../test/support/code-flow.ts';
import { group, SPECS } from '../check.ts';
import { errorAt, open } from '../flow.ts';
import { CALLBACK } from '../target.ts';

/** Expects an error page of the server without a redirect. */
async function expectPage(answer: Response, words = /invalid_redirect_uri|invalid_request/): Promise<void> {
  expect(answer.status).to.be.within(400, 499);
  expect(answer.headers.get('location')).to.equal(null);
  expect(answer.headers.get('content-type')).to.match(/^text\/html/);
  expect(await answer.text()).to.match(words);
}

const SIMILAR = {
  'a query': `${CALLBACK}?added=1`,
  'a slash': `${CALLBACK}/`,
  'a fragment': `${CALLBACK}#fragment`,
  'another path': 'https://client.example/other',
  'another host': 'https://evil.example/cb',
  'another scheme': 'http://client.example/cb',
};

const unsigned = (claims: object): string =>
  `${[{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

export const redirectUris = group('redirect-uri', (check) => {
  for (const [name, uri] of Object.entries(SIMILAR))
    check(
      name.replaceAll(' ', '-'),
      'RFC 9700 §4.1.3',
      `with ${name} that is not registered ends on a page`,
      async (target) => expectPage(await open(target, await target.client(), { redirect_uri: uri })),
    );

  check('missing', `${SPECS.core} §3.1.2.1`, 'has to be in the request', async (target) => {
    const two = await target.client({ redirect_uris: [CALLBACK, 'https://client.example/two'] });
    await expectPage(await open(target, two, { redirect_uri: undefined }));
  });

  check('query', 'RFC 6749 §3.1.2', 'keeps a registered query', async (target) => {
    const client = await target.client({ redirect_uris: [`${CALLBACK}?page=1&dummy=a%20b`] });
    const { back } = await authorize(target, client, {}, new BrowserAgent(), target.person);
    expect(Object.fromEntries(back.searchParams)).to.include({ page: '1', dummy: 'a b', state: 'state-1' });
    await expectPage(await open(target, client, { redirect_uri: `${CALLBACK}?page=2` }));
  });

  check(
    'unsigned-object',
    `${SPECS.core} §6.1`,
    'no unsigned request object is ignored or believed',
    async (target) => {
      const client = await target.client();
      const request = unsigned({ iss: client.id, aud: target.url, client_id: client.id, scope: 'openid' });
      const answer = await open(target, client, { request });
      if (answer.headers.has('location'))
        expect(errorAt(answer)).to.be.oneOf(['invalid_request_object', 'request_not_supported']);
      else await expectPage(answer, /invalid_request_object|request_not_supported/);
    },
  );

  check('request-uri', `${SPECS.core} §6.2`, 'no request_uri is ignored or fetched', async (target) => {
    const client = await target.client();
    const answer = await open(target, client, { request_uri: 'https://client.example/request.jwt' });
    if (answer.headers.has('location')) expect(errorAt(answer)).to.equal('request_uri_not_supported');
    else await expectPage(answer, /request_uri_not_supported/);
  });

  check(
    'fallback',
    `${SPECS.core} §3.1.2.2`,
    'a wrong one never falls back to a registered one',
    async (target) => {
      const client = await target.client();
      const request = unsigned({ client_id: client.id, redirect_uri: CALLBACK });
      const answer = await open(target, client, { redirect_uri: 'https://evil.example/cb', request });
      expect(answer.headers.get('location')).to.equal(null);
      expect(answer.status).to.be.within(400, 499);
    },
  );

  check('unknown-client', 'RFC 6749 §4.1.2.1', 'is not used for an unknown client', async (target) => {
    const url = requestUrl(target, { ...(await target.client()), id: 'nobody-at-all' });
    const answer = await new BrowserAgent().follow(url);
    expect(answer.headers.get('location')).to.equal(null);
    expect(answer.status).to.be.within(400, 499);
  });

  check(
    'native',
    'RFC 8252 §7.3',
    'of a native app may have any port of the loopback interface',
    async (target) => {
      const client = await target.client({
        ...{ application_type: 'native', token_endpoint_auth_method: 'none' },
        redirect_uris: ['http://127.0.0.1/cb'],
      });
      const params = { redirect_uri: 'http://127.0.0.1:49152/cb' };
      const { back } = await authorize(target, client, params, new BrowserAgent(), target.person);
      expect([back.host, back.searchParams.has('code')]).to.deep.equal(['127.0.0.1:49152', true]);
    },
  );
});
