import { expect } from 'chai';
import { runBlock, shellBlocks } from '../docs/shell-blocks.ts';
import { filesUnder } from '../tidy/tree.ts';
import { describeExample, type RunningExample, startExample } from './example.ts';

/** The resource server of the development settings. */
const RESOURCE = 'http://localhost:8080/api';

describeExample('api-jose', { tools: ['curl'] }, () => {
  let api: RunningExample;

  before(async () => {
    api = await startExample('api-jose', {}, { blocks: 2 });
    await api.serves(`${api.url}/notes`);
  });
  after(() => api.end());

  const call = (token = '') =>
    fetch(`${api.url}/notes`, { headers: token ? { authorization: `Bearer ${token}` } : {} });

  const token = async (
    fields: Record<string, string>,
    credentials = 'client:secret',
  ): Promise<Record<string, string>> => {
    const answer = await fetch(`${api.issuer}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { authorization: `Basic ${btoa(credentials)}` },
    });
    return answer.json();
  };
  const person = {
    grant_type: 'password',
    username: '0812345678',
    password: 'correct-horse-battery',
    scope: 'openid',
  };

  it('accepts a token as the README gets one', async () => {
    const [readme] = filesUnder(['examples/api-jose/'], ['README.md']);
    const block = api.fillIn(shellBlocks(readme?.text ?? '')[2] ?? '');
    const ran = await runBlock(block.replace('http://localhost:8080/notes', `${api.url}/notes`), api.issuer);
    expect(ran).to.have.lengthOf(2);
    const { status, body = '' } = ran[1] ?? {};
    expect(status, body).to.equal(200);
    expect(JSON.parse(body)).to.deep.equal({
      sub: 'api-caller',
      client_id: 'api-caller',
      scope: 'api:read',
    });
  });

  it('refuses a token without the scope of the route', async () => {
    const fields = { grant_type: 'client_credentials', scope: 'api:write', resource: RESOURCE };
    const { status, headers } = await call(
      (await token(fields, api.fillIn('api-caller:SECRET'))).access_token,
    );
    expect([status, headers.get('www-authenticate')]).to.deep.equal([
      403,
      'Bearer error="insufficient_scope", scope="api:read"',
    ]);
  });

  it('refuses a request without a token, and tokens that are not for it', async () => {
    const none = await call('');
    expect([none.status, none.headers.get('www-authenticate')]).to.deep.equal([401, 'Bearer']);
    const { access_token = '', id_token = '' } = await token(person);
    expect(access_token).to.not.equal('');
    for (const other of [access_token, id_token, 'eyJhbGciOiJub25lIn0.e30.']) {
      const { status, headers } = await call(other);
      expect([status, headers.get('www-authenticate')]).to.deep.equal([401, 'Bearer error="invalid_token"']);
    }
  });
});
