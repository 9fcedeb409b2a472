import { expect } from 'chai';
import { group, SPECS } from '../check.ts';
import { signIn, userinfoOf, verified } from '../flow.ts';
import { json, postForm, type Target } from '../target.ts';

/** The claims of scopes (OpenID Connect Core §5.4). */
export const CLAIMS_OF_SCOPES: Readonly<Record<string, readonly string[]>> = {
  profile: [
    ...['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile'],
    ...['picture', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
};
const ADDRESS = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country'];

const claimsFor = async (target: Target, scope: string): Promise<Record<string, unknown>> =>
  userinfoOf(target, (await signIn(target, { scope })).tokens.access_token);

/** Checks the formats of claim values (OpenID Connect Core §5.1). */
function expectForms(claims: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(claims)) {
    expect(value, name).to.not.be.oneOf([null, '', 'null', 'undefined']);
    if (name.endsWith('_verified')) expect(value, name).to.be.a('boolean');
    else if (name === 'updated_at')
      expect(value, name)
        .to.be.a('number')
        .and.be.below(Date.now() / 100);
    else if (name === 'address') expect(Object.values(value as object), name).to.not.be.empty;
    else expect(value, name).to.be.a('string').and.match(/\S/);
  }
  const { birthdate } = claims;
  if (birthdate === undefined) return;
  expect(birthdate).to.match(/^(?:\d{4}|(?:0000|\d{4})-\d\d-\d\d)$/);
  expect(Number(String(birthdate).slice(0, 4))).to.be.within(1850, new Date().getFullYear());
}

export const claims = group('claims', (check) => {
  check(
    'userinfo-get',
    `${SPECS.core} §5.3`,
    'are at userinfo by GET, for the same subject',
    async (target) => {
      const { tokens, claims: id } = await signIn(target);
      const { status, headers, body } = await json(target.endpoint('userinfo_endpoint'), {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect([status, body.sub]).to.deep.equal([200, id.sub]);
      expect(headers.get('content-type')).to.match(/^application\/json/);
    },
  );

  check(
    'userinfo-post',
    `${SPECS.core} §5.3.1`,
    'are at userinfo by POST, token in header or body',
    async (target) => {
      const { tokens, claims: id } = await signIn(target);
      const url = target.endpoint('userinfo_endpoint');
      const byHeader = await postForm(url, {}, { authorization: `Bearer ${tokens.access_token}` });
      const byBody = await postForm(url, { access_token: tokens.access_token });
      for (const { status, body } of [byHeader, byBody])
        expect([status, body.sub]).to.deep.equal([200, id.sub]);
    },
  );

  check(
    'userinfo-errors',
    'RFC 6750 §3',
    'are refused without a right token, with a challenge',
    async (target) => {
      const wrong = await json(target.endpoint('userinfo_endpoint'), {
        headers: { authorization: 'Bearer wrong' },
      });
      expect(wrong.status).to.equal(401);
      expect(wrong.headers.get('www-authenticate')).to.match(/^Bearer .*error="invalid_token"/);
      const none = await json(target.endpoint('userinfo_endpoint'));
      expect(none.status).to.be.oneOf([400, 401]);
      expect(none.headers.get('www-authenticate')).to.match(/^Bearer/);
    },
  );

  check(
    'userinfo-signed',
    `${SPECS.core} §5.3.2`,
    'are a signed JWT for clients that registered so',
    async (target) => {
      const client = await target.client({ userinfo_signed_response_alg: 'RS256' });
      const { tokens, claims: id } = await signIn(target, {}, { client });
      const { headers, body } = await json(target.endpoint('userinfo_endpoint'), {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      // the content type ends in jwt, so the body is text
      expect(headers.get('content-type')).to.match(/^application\/jwt/);
      const { payload } = await verified(target, body, { audience: client.id });
      expect(payload.sub).to.equal(id.sub);
    },
  );

  for (const [scope, names] of Object.entries(CLAIMS_OF_SCOPES))
    check(
      `scope-${scope}`,
      `${SPECS.core} §5.4`,
      `of ${scope} are all of it and nothing else`,
      async (target) => {
        const told = await claimsFor(target, `openid ${scope}`);
        expect(Object.keys(told)).to.have.members(['sub', ...names]);
        expectForms(told);
      },
    );

  check('scope-all', `${SPECS.core} §5.4`, 'of all scopes come together', async (target) => {
    const told = await claimsFor(target, 'openid profile email phone address');
    expect(Object.keys(told)).to.have.members(['sub', ...Object.values(CLAIMS_OF_SCOPES).flat()]);
    expect(told.address).to.have.all.keys(...ADDRESS);
    expectForms(told);
  });

  check('never-null', `${SPECS.core} §5.3.2`, 'that somebody never gave are left out', async (target) => {
    const options = { person: target.stranger };
    const { tokens } = await signIn(target, { scope: 'openid profile email phone address' }, options);
    const told = await userinfoOf(target, tokens.access_token);
    expect(told).to.include.keys('sub', 'given_name').and.not.have.any.keys('nickname', 'website', 'address');
    expectForms(told);
  });

  check('essential', `${SPECS.core} §5.5`, 'are where the claims parameter asks for them', async (target) => {
    const parameter = { userinfo: { name: { essential: true } }, id_token: { nickname: null } };
    const { tokens, claims: id } = await signIn(target, { claims: JSON.stringify(parameter) });
    expect(await userinfoOf(target, tokens.access_token)).to.have.all.keys('sub', 'name');
    expect(id).to.have.property('nickname');
    expect(id).to.not.have.property('name');
  });

  check('pairwise', `${SPECS.core} §8.1`, 'have a subject of each sector, stable in it', async (target) => {
    const subject = async (redirectUri: string): Promise<unknown> => {
      const metadata = { subject_type: 'pairwise', redirect_uris: [redirectUri] };
      return (await signIn(target, {}, { client: await target.client(metadata) })).claims.sub;
    };
    const [one, same, other] = [
      ...[await subject('https://one.example/cb'), await subject('https://one.example/other')],
      await subject('https://two.example/cb'),
    ];
    expect(one).to.equal(same).and.not.equal(other);
  });
});
