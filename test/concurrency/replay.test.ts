import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { tokenRequest } from '../support/sign-in.ts';
import { atBoth, type Processes, twoProcesses } from './processes.ts';
import { clientAssertion, dpopProof, type ProofKeys, proofKeys } from './proofs.ts';
import { type Code, newCode, redeem } from './requests.ts';

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SERVICE = `Basic ${Buffer.from('service:service-secret').toString('base64')}`;

describe('a proof that is sent twice at once', () => {
  let both: Processes;
  let keys: ProofKeys;

  before(async function () {
    this.timeout(60_000);
    keys = await proofKeys();
    both = await twoProcesses();
    await both.server.domain.clients.create({
      client_id: 'robot',
      grant_types: [GRANT],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'none',
      jwks: { keys: [keys.publicJwk] },
    });
    await both.server.domain.clients.create({
      client_id: 'signer',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [keys.publicJwk] },
    });
  });

  after(() => both.end());

  const byProof = (url: string, proof: string) =>
    tokenRequest(url, { grant_type: 'client_credentials' }, { authorization: SERVICE, dpop: proof });

  const byAssertion = (url: string, assertion: string) =>
    tokenRequest(url, {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION,
      client_assertion: assertion,
    });

  const successes = (answers: { status: number }[]): number =>
    answers.filter(({ status }) => status === 200).length;

  const newProof = () => dpopProof(keys, `${both.issuer}/oauth/token`);

  it('works once as a DPoP proof, at two processes', async () => {
    for (let round = 0; round < 5; round += 1) {
      const proof = await newProof();
      const answers = await atBoth(both, 10, (url) => byProof(url, proof));
      expect(successes(answers)).to.equal(1);
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200, 400]));
    }
  });

  it('works once as a DPoP proof, at one process', async () => {
    for (let round = 0; round < 5; round += 1) {
      const proof = await newProof();
      const answers = await atBoth({ a: both.a, b: both.a }, 10, (url) => byProof(url, proof));
      expect(successes(answers)).to.equal(1);
    }
  });

  for (const [when, redeemBoth] of [
    [
      'at once',
      (codes: Code[], dpop: string) => Promise.all(codes.map((code) => redeem(both.a, code, { dpop }))),
    ],
    [
      'later',
      async ([one, other]: Code[], dpop: string) => [
        await redeem(both.a, one as Code, { dpop }),
        await redeem(both.a, other as Code, { dpop }),
      ],
    ],
  ] as const) {
    it(`uses up no second code ${when}`, async () => {
      const agent = new BrowserAgent();
      const codes = [await newCode(both.issuer, agent), await newCode(both.issuer, agent)];
      const answers = await redeemBoth(codes, await newProof());
      expect(successes(answers)).to.equal(1);
      const refused = codes[answers.findIndex(({ status }) => status === 400)] as Code;
      expect((await redeem(both.b, refused, { dpop: await newProof() })).status).to.equal(200);
    });
  }

  it('works once as the assertion of a service account, of fifty at two processes', async () => {
    const assertion = await clientAssertion(keys, 'robot', both.issuer);
    const answers = await atBoth(both, 50, (url) => tokenRequest(url, { grant_type: GRANT, assertion }));
    expect(successes(answers)).to.equal(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body.error))).to.deep.equal(new Set(['invalid_grant']));
  });

  it('works once as a client assertion', async () => {
    for (const where of [both, { a: both.a, b: both.a }]) {
      const assertion = await clientAssertion(keys, 'signer', both.issuer);
      const answers = await atBoth(where, 10, (url) => byAssertion(url, assertion));
      expect(successes(answers)).to.equal(1);
      const refused = answers.filter(({ status }) => status !== 200);
      expect(new Set(refused.map(({ body }) => body.error))).to.deep.equal(new Set(['invalid_client']));
    }
  });
});
