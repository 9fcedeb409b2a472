import { expect } from 'chai';
import { decodeJwt } from 'jose';
import sharp from 'sharp';
import { claims as claimsOfScopes } from '../../../src/oidc/tokens/claims.ts';
import { somebody } from '../../pages/account/visitor.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, type Person, redeem, tokensFor, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { SOMCHAI } from '../../support/sign-in.ts';

const PROFILE = {
  name: 'สมชาย ใจดี',
  given_name: 'สมชาย',
  family_name: 'ใจดี',
  middle_name: 'ชัย',
  nickname: 'ชาย',
  preferred_username: 'somchai',
  profile: 'https://example.com/somchai',
  website: 'https://somchai.example.com',
  gender: 'male',
  birthdate: '1990-04-13',
  zoneinfo: 'Asia/Bangkok',
  locale: 'th',
};
const EMAIL = { email: 'somchai@example.com', email_verified: true };
const PHONE = { phone_number: '+66812345678', phone_number_verified: true };
const ADDRESS = {
  address: {
    formatted: '99 ถนนสุขุมวิท\nคลองเตย กรุงเทพมหานคร 10110\nTH',
    street_address: '99 ถนนสุขุมวิท',
    locality: 'คลองเตย',
    region: 'กรุงเทพมหานคร',
    postal_code: '10110',
    country: 'TH',
  },
};

describe('claims', () => {
  let server: TestServer;
  let client: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
  });

  const claimsFor = async (params: Record<string, string>): Promise<Record<string, unknown>> =>
    (await userinfo(server, (await tokensFor(server, client, params, agent)).access_token)).json();

  const authorizeAs = (person: Person, scope: string, asking = client) =>
    authorize(server, asking, { scope }, new BrowserAgent(), person);

  for (const [scope, expected] of Object.entries({ email: EMAIL, phone: PHONE, address: ADDRESS })) {
    it(`of ${scope} are these and no others`, async () => {
      expect(await claimsFor({ scope: `openid ${scope}` })).to.deep.equal({ sub: '1', ...expected });
    });
  }

  it('of openid alone are the subject', async () => {
    expect(await claimsFor({ scope: 'openid' })).to.deep.equal({ sub: '1' });
  });

  it('of profile are all fourteen, of their right types', async () => {
    const pictureId = 'A'.repeat(22);
    await server.database.knex('accounts').where({ id: 1 }).update({ picture_id: pictureId });
    const { updated_at: updatedAt, ...claims } = await claimsFor({ scope: 'openid profile' });
    await server.database.knex('accounts').where({ id: 1 }).update({ picture_id: null });
    expect(claims).to.deep.equal({ sub: '1', ...PROFILE, picture: `${server.url}/pictures/${pictureId}` });
    expect(updatedAt).to.be.a('number').and.satisfy(Number.isInteger);
    expect(updatedAt).to.be.closeTo(Date.now() / 1000, 3600);
  });

  it('of profile can be had by any account, from what its owner fills in', async () => {
    const owner = await (await somebody(server)).signIn();
    const { id, email: login } = owner;
    await server.database
      .knex('accounts')
      .where({ id })
      .update({ updated_at: new Date('2026-01-01') });
    const { status } = await owner.send('/account/profile', {
      ...{ title: '1', firstName: 'Som', middleName: 'Chai', lastName: 'Dee', birthDate: '1990-04-13' },
      ...{ nickname: 'Chai', preferredUsername: 'somchai', locale: 'th' },
      ...{ profileUri: 'https://example.com/s', websiteUri: 'http://s.example.com' },
    });
    expect(status).to.equal(303);
    const picture = { create: { width: 20, height: 10, channels: 3 as const, background: '#c08040' } };
    await server.domain.images.upload(id, await sharp(picture).png().toBuffer());
    const { body } = await redeem(
      server,
      client,
      await authorizeAs({ login, password: SOMCHAI.password }, 'openid profile'),
    );
    const told = await (await userinfo(server, body.access_token)).json();
    expect(told).to.have.keys('sub', ...(claimsOfScopes.profile as string[]));
    expect(told).to.include({
      preferred_username: 'somchai',
      website: 'http://s.example.com',
      gender: 'male',
    });
    expect(told.updated_at).to.be.closeTo(Date.now() / 1000, 3600);
  });

  it('that were never given are left out, never null or empty', async () => {
    const login = 'bare@example.com';
    await server.domain.lifecycle.create({
      password: SOMCHAI.password,
      contacts: [{ kind: 'email', value: login, verified: true }],
      profile: { firstName: 'Bare', lastName: '' },
    });
    const { body } = await redeem(
      server,
      client,
      await authorizeAs({ login, password: SOMCHAI.password }, 'openid profile email phone address'),
    );
    const claims = await (await userinfo(server, body.access_token)).json();
    expect(claims).to.have.keys('sub name given_name zoneinfo updated_at email email_verified'.split(' '));
    expect(Object.values(claims)).to.not.include.members([null]).and.not.include.members(['']);
  });

  it('that the claims parameter asks for come from where it asked', async () => {
    const parameter = JSON.stringify({
      userinfo: { name: { essential: true } },
      id_token: { nickname: null },
    });
    const { access_token, id_token = '' } = await tokensFor(
      server,
      client,
      { scope: 'openid', claims: parameter },
      agent,
    );
    expect(await (await userinfo(server, access_token)).json()).to.deep.equal({
      sub: '1',
      name: PROFILE.name,
    });
    expect(decodeJwt(id_token)).to.include({ nickname: 'ชาย' }).and.not.have.any.keys('name', 'email');
  });

  it('that are operator-only are not available by the claims parameter', async () => {
    const parameter = JSON.stringify({ userinfo: { thai_id: null }, id_token: { thai_id: null } });
    const { access_token, id_token = '' } = await tokensFor(
      server,
      client,
      { scope: 'openid', claims: parameter },
      agent,
    );
    expect(await (await userinfo(server, access_token)).json()).to.not.have.property('thai_id');
    expect(decodeJwt(id_token)).to.not.have.property('thai_id');
  });

  it('of thai_id are available to a client that the operator allowed it', async () => {
    const allowed = await createClient(server, { scope: 'openid thai_id' });
    const { access_token } = await tokensFor(server, allowed, { scope: 'openid thai_id' }, agent);
    const claims = await (await userinfo(server, access_token)).json();
    expect(claims).to.deep.equal({ sub: '1', thai_id: '1101700230708' });
  });

  it('tell an unverified e-mail to first-party clients only', async () => {
    const login = 'unverified@example.com';
    const person = { login, password: SOMCHAI.password };
    await server.domain.lifecycle.create({
      password: person.password,
      contacts: [{ kind: 'email', value: login, verified: false }],
    });
    const own = await createClient(server, { first_party: true });
    for (const [asking, expected] of [
      [client, {}],
      [own, { email: login, email_verified: false }],
    ] as const) {
      const { body } = await redeem(server, asking, await authorizeAs(person, 'openid email', asking));
      const { sub: _sub, ...claims } = await (await userinfo(server, body.access_token)).json();
      expect(claims).to.deep.equal(expected);
    }
  });
});
