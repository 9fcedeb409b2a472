import { expect } from 'chai';
import fc from 'fast-check';
import { type FreshServer, freshServer } from '../concurrency/fresh-server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';

const RUNS = { numRuns: 150 };

/** Any text, of whole characters or of parts of them. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('openid', 'code', 'client', 'spa', 'password', 'refresh_token', 'none', '\0', ' '),
);

describe('random input', () => {
  let server: FreshServer;

  before(async () => {
    server = await freshServer();
  });

  after(() => server.leave());

  it('gets an OAuth error from the token endpoint', async () => {
    const names = fc.constantFrom(
      'grant_type',
      'client_id',
      'client_secret',
      'scope',
      'code',
      'refresh_token',
      'username',
      'password',
      'resource',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, anyText), { maxLength: 8 }), async (fields) => {
        const answer = await fetch(`${server.url}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams(fields),
        });
        expect(answer.status).to.be.within(400, 499);
        expect(await answer.json())
          .to.have.property('error')
          .that.is.a('string');
      }),
      RUNS,
    );
  });

  it('never sends a browser from the authorization endpoint to an address that nobody registered', async () => {
    const names = fc.constantFrom('redirect_uri', 'client_id', 'scope', 'state', 'response_mode', 'prompt');
    await fc.assert(
      fc.asyncProperty(names, anyText, async (name, value) => {
        const url = authorizationUrl(server.url, pkce().challenge, { [name]: value });
        const answer = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } });
        expect(answer.status).to.be.below(500);
        const location = answer.headers.get('location');
        if (location) {
          const { origin } = new URL(location, server.url);
          expect(origin).to.be.oneOf([server.url, 'http://localhost:8080', 'http://127.0.0.1:8080']);
        }
      }),
      RUNS,
    );
  });
});
