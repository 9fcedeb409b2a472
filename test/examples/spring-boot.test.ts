import { expect } from 'chai';
import { generateKeyPair, SignJWT } from 'jose';
import { runBlock, shellBlocks } from '../docs/shell-blocks.ts';
import { filesUnder } from '../tidy/tree.ts';
import { describeExample, type RunningExample, startExample } from './example.ts';
import { visit } from './web-app.ts';

const API = 'http://localhost:8080/api';

describeExample('spring-boot', { tools: ['java', 'mvn', 'curl'], slow: true }, () => {
  let app: RunningExample;
  before(async function () {
    // the first start downloads the packages
    this.timeout(400_000);
    app = await startExample('spring-boot', {}, { blocks: 2 });
    await app.serves(app.url, 390_000);
  });
  after(() => app?.end());

  const call = (token?: string): Promise<Response> =>
    fetch(`${app.url}/api/caller`, { headers: token ? { authorization: `Bearer ${token}` } : {} });

  it('signs in, shows the person and signs out', () => visit(app));

  it('accepts a JWT access token, requested as the README says', async () => {
    const [readme] = filesUnder(['examples/spring-boot/'], ['README.md']);
    const block = app.fillIn(shellBlocks(readme?.text ?? '')[2] ?? '');
    const [, called] = await runBlock(block.replace(`${API}/caller`, `${app.url}/api/caller`), app.issuer);
    expect(called?.status, called?.body).to.equal(200);
    expect(JSON.parse(called?.body ?? '')).to.deep.equal({
      sub: 'spring-boot',
      client_id: 'spring-boot',
      scope: 'api:read',
    });
  });

  it('refuses a token of another issuer, for another audience, of another type, and none', async () => {
    const { keys } = await (await fetch(`${app.issuer}/oauth/jwks`)).json();
    const { kid } = keys.find(({ alg }: { alg: string }) => alg === 'ES256');
    const { privateKey } = await generateKeyPair('ES256');
    const foreign = await new SignJWT({ client_id: 'spring-boot', scope: 'api:read' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuer(app.issuer)
      .setAudience(API)
      .setSubject('spring-boot')
      .setJti('1')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    const answer = await fetch(`${app.issuer}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({
        grant_type: 'password',
        username: '0812345678',
        password: 'correct-horse-battery',
        scope: 'openid',
      }),
    });
    const { id_token, access_token } = await answer.json();
    for (const token of [undefined, foreign, id_token, access_token])
      expect((await call(token)).status, String(token).slice(0, 20)).to.equal(401);
  });
});
