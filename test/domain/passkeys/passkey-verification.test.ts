import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { moveClock } from '../../support/clock.ts';
import { readyDomain } from '../../support/domain.ts';
import type { Oddities } from '../../support/soft-authenticator.ts';
import { codeOf } from '../empty-domain.ts';
import { CEREMONY, PasskeyOwner } from './passkey-owner.ts';

describe('invalid passkeys', () => {
  let owner: PasskeyOwner;

  before(async () => {
    owner = await PasskeyOwner.begin();
  });
  beforeEach(() => owner.reset());
  after(() => owner.domain.leave());

  const wrong: [string, Oddities][] = [
    ['another origin', { origin: 'https://pratu.example.net' }],
    ['another RP ID', { rpId: 'example.net' }],
    ['another challenge', { challenge: 'A'.repeat(43) }],
    ['no user verification', { isVerified: false }],
    ['another ceremony', { type: 'payment.get' }],
  ];

  for (const [what, odd] of wrong) {
    it(`are not created with ${what}`, async () => {
      expect(await owner.create(odd)).to.equal('PASSKEY_REJECTED');
      expect(await owner.domain.passkeys.list(owner.accountId)).to.deep.equal([]);
    });
    it(`do not sign in with ${what}`, async () => {
      await owner.create();
      expect(await owner.use(odd)).to.equal('PASSKEY_REJECTED');
      expect(await owner.eventsOf('sign_in.succeeded')).to.deep.equal([]);
      expect((await owner.eventsOf('sign_in.failed'))[0]?.details).to.include({ method: 'passkey' });
    });
  }

  it('do not sign in with a wrong signature, or for another user handle', async () => {
    await owner.create();
    expect(await owner.use({ isForged: true })).to.equal('PASSKEY_REJECTED');
    expect(await owner.use({ userHandle: 'AAAA' })).to.equal('PASSKEY_REJECTED');
    expect(await owner.use({ userHandle: '' })).to.equal('PASSKEY_REJECTED');
    expect(await owner.use()).to.equal('none');
  });

  it('are rejected with a certificate that was not requested, unread', async () => {
    for (const fmt of ['packed', 'fido-u2f', 'android-safetynet', 'tpm', 'apple']) {
      const attStmt = new Map<string, unknown>([
        ['alg', -7],
        ['sig', new Uint8Array(8)],
        ['x5c', [new Uint8Array(8)]],
      ]);
      expect(await owner.create({ attestation: { fmt, attStmt } }), fmt).to.equal('PASSKEY_REJECTED');
    }
    const self = new Map<string, unknown>([
      ['alg', -7],
      ['sig', new Uint8Array(8)],
    ]);
    expect(await owner.create({ attestation: { fmt: 'packed', attStmt: self } }), 'forged').to.equal(
      'PASSKEY_REJECTED',
    );
  });

  it('are rejected with a credential ID above 1,023 bytes', async () => {
    owner.device.credentialId = randomBytes(1024);
    expect(await owner.create()).to.equal('PASSKEY_REJECTED');
    owner.device.credentialId = randomBytes(4000);
    expect(await owner.create()).to.equal('PASSKEY_REJECTED');
    owner.device.credentialId = randomBytes(1023);
    expect(await owner.create()).to.equal('none');
    expect(await owner.use()).to.equal('none');
  });

  it('are rejected when they are garbage', async () => {
    await owner.create();
    const good = JSON.parse(owner.device.get(await owner.ask()));
    const withMember = (name: string, value: unknown) =>
      JSON.stringify({ ...good, response: { ...good.response, [name]: value } });
    const sent = [
      ...['', '{}', 'null', '[]', '"x"', '{"id":1}', '{"id":"A","response":null}', 'x'.repeat(20_000)],
      JSON.stringify({ ...good, id: '!!' }),
      ...['clientDataJSON', 'authenticatorData', 'signature'].flatMap((name) =>
        [undefined, 'AAAA', 7].map((value) => withMember(name, value)),
      ),
    ];
    for (const [index, credential] of sent.entries()) {
      // each in its own browser, so that the limit of a browser is not the reason
      const on = { ...CEREMONY, browser: `browser ${index}` };
      await owner.domain.passkeyAuthenticator.begin(on);
      expect(await codeOf(owner.verify(credential, { ceremony: on })), credential.slice(0, 40)).to.equal(
        'PASSKEY_REJECTED',
      );
    }
  });

  it('are rejected without a part of the answer that is signed', async () => {
    await owner.create();
    for (const name of ['authenticatorData', 'signature'])
      for (const value of [undefined, 'AAAA', 7]) {
        const answer = JSON.parse(owner.device.get(await owner.ask()));
        const credential = JSON.stringify({ ...answer, response: { ...answer.response, [name]: value } });
        expect(await codeOf(owner.verify(credential)), `${name} ${value}`).to.equal('PASSKEY_REJECTED');
      }
  });

  describe('a challenge', () => {
    beforeEach(async () => {
      await owner.create();
      owner.device.signCount = 1;
    });

    it('is used once, whatever the result', async () => {
      const options = await owner.ask();
      expect(await codeOf(owner.verify(owner.device.get(options, { isForged: true })))).to.equal(
        'PASSKEY_REJECTED',
      );
      expect(await codeOf(owner.verify(owner.device.get(options)))).to.equal('PASSKEY_REJECTED');
      const again = await owner.ask();
      const answer = owner.device.get(again);
      expect(await codeOf(owner.verify(answer))).to.equal('none');
      owner.device.signCount += 1;
      expect(await codeOf(owner.verify(answer)), 'replayed').to.equal('PASSKEY_REJECTED');
    });

    it('belongs to one browser, and to one sign-in', async () => {
      for (const on of [
        { ...CEREMONY, browser: 'there' },
        { ...CEREMONY, part: 'sign-in 2' },
        { browser: 'here', part: `account ${owner.accountId}` },
      ])
        expect(await codeOf(owner.verify(owner.device.get(await owner.ask()), { ceremony: on }))).to.equal(
          'PASSKEY_REJECTED',
        );
    });

    it('for a creation cannot sign in, nor the other way round', async () => {
      const { challenge } = await owner.begin();
      expect(await codeOf(owner.verify(owner.device.get({ challenge })))).to.equal('PASSKEY_REJECTED');
      const other = owner.newDevice();
      const credential = other.create(await owner.ask());
      expect(await owner.add(credential)).to.equal('PASSKEY_REJECTED');
    });

    it('of one account creates nothing for another', async () => {
      const otherId = await owner.newAccount('other@example.com');
      const credential = owner.newDevice().create(await owner.begin(otherId));
      expect(await owner.add(credential)).to.equal('PASSKEY_REJECTED');
    });

    it('is replaced by a newer one', async () => {
      const older = await owner.ask();
      await owner.ask();
      expect(await codeOf(owner.verify(owner.device.get(older)))).to.equal('PASSKEY_REJECTED');
    });

    it('ends after five minutes, and is swept then', async () => {
      const options = await owner.ask();
      await moveClock(owner.domain.database, 301);
      expect(await codeOf(owner.verify(owner.device.get(options)))).to.equal('PASSKEY_REJECTED');
      const sweep = sweeper({ db: owner.domain.database.knex, size: 10, auditDays: 400 });
      expect(await sweep()).to.include({ passkey_challenges: 1 });
    });

    it('signs in once of twenty simultaneous attempts, in two processes', async () => {
      const other = await readyDomain({ config: owner.domain.config, database: owner.domain.database });
      const answer = owner.device.get(await owner.ask());
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          codeOf(owner.verify(answer, { by: index % 2 ? other : owner.domain })),
        ),
      );
      expect(results.filter((one) => one === 'none')).to.have.length(1);
    });
  });

  describe('a signature counter', () => {
    beforeEach(() => owner.create());

    it('that goes back refuses the sign-in, and the owner is told', async () => {
      owner.device.signCount = 5;
      expect(await owner.use()).to.equal('none');
      for (const signCount of [6, 3, 0]) expect(await owner.use({ signCount })).to.equal('PASSKEY_REJECTED');
      expect((await owner.eventsOf('passkey.copied')).map(({ account_id }) => account_id)).to.deep.equal(
        Array(3).fill(owner.accountId),
      );
      expect(
        await owner.domain.database.knex('outbox').where({ kind: 'passkey-copied' }),
      ).to.have.length.above(0);
      expect(await owner.use({ signCount: 7 })).to.equal('none');
    });

    it('counts to 2^32 - 1', async () => {
      for (const signCount of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])
        expect(await owner.use({ signCount }), `${signCount}`).to.equal('none');
      expect(await owner.use({ signCount: 2 ** 32 - 1 }), 'again').to.equal('PASSKEY_REJECTED');
    });

    it('may always be 0', async () => {
      for (let times = 0; times < 3; times += 1) expect(await owner.use({ signCount: 0 })).to.equal('none');
    });
  });
});
