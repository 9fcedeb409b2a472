import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { readyDomain } from '../../support/domain.ts';
import { type EnrolledApp, enrolApp, stepAt, totpCode } from '../../support/totp.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const EMAIL = 'owner@example.com';
const PASSWORD = 'tall-green-mountain-7';

describe('second factors', () => {
  let domain: EmptyDomain;
  let accountId: number;
  let app: EnrolledApp;
  /** Counters of addresses may outlive the run in Redis. */
  let address: string;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const newAccount = async (email: string): Promise<number> => {
    const { id } = await domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: email, verified: true }],
    });
    return id;
  };

  beforeEach(async () => {
    await domain.empty();
    address = `10.${randomInt(256)}.${randomInt(256)}.1`;
    accountId = await newAccount(EMAIL);
    app = await enrolApp(domain, accountId);
  });

  const verifyAs = (
    id: number,
    code: string,
    { secondFactors } = domain as Pick<EmptyDomain, 'secondFactors'>,
  ) => secondFactors.verify(id, code, { origin: { address }, clientId: undefined });
  const verify = (code: string): Promise<string> => verifyAs(accountId, code);
  const signIn = (password = PASSWORD): Promise<string> =>
    codeOf(
      domain.passwordAuthenticator.verify({
        identifier: EMAIL,
        password,
        origin: { address },
        canContinue: true,
      }),
    );
  const outcomes = (work: Promise<unknown>[]): Promise<string[]> => Promise.all(work.map(codeOf));
  /** Another process. It shares the database and nothing in memory. */
  const elsewhere = () => readyDomain({ config: domain.config, database: domain.database });

  describe('a code of an app', () => {
    it('is accepted once, whatever is typed around its digits', async () => {
      const code = app.code();
      expect(await verify(` ${code.slice(0, 3)} ${code.slice(3)} `)).to.equal('totp');
      expect(await codeOf(verify(code))).to.equal('CODE_WRONG');
    });

    it('makes the codes of earlier steps worthless, not those of later ones', async () => {
      await moveClock(domain.database, 60);
      const [before, now, later] = [app.code(-1), app.code(), app.code(1)];
      expect(await verify(now)).to.equal('totp');
      expect(await codeOf(verify(before))).to.equal('CODE_WRONG');
      expect(await verify(later)).to.equal('totp');
      expect(await codeOf(verify(now))).to.equal('CODE_WRONG');
    });

    it('cannot be the one that activated the app', async () => {
      const { secret } = await domain.secondFactors.begin(accountId, 'Tablet');
      const code = totpCode(secret, stepAt());
      await domain.secondFactors.confirm(accountId, code, { address });
      expect(await codeOf(verify(code))).to.equal('CODE_WRONG');
    });

    it('is accepted once of fifty simultaneous attempts, in two processes', async () => {
      const other = await elsewhere();
      const code = app.code();
      const results = await outcomes(
        Array.from({ length: 50 }, (_, index) => verifyAs(accountId, code, index % 2 ? other : domain)),
      );
      expect(results.filter((one) => one === 'none')).to.have.length(1);
      expect(
        results.filter((one) => !['none', 'CODE_WRONG', 'TOO_MANY_ATTEMPTS'].includes(one)),
      ).to.deep.equal([]);
    });

    it('of another account is worth nothing', async () => {
      const other = await enrolApp(domain, await newAccount('other@example.com'));
      expect(await codeOf(verify(other.code()))).to.equal('CODE_WRONG');
      expect(await codeOf(verify(other.recoveryCodes[0] ?? ''))).to.equal('CODE_WRONG');
    });

    it('of an app that was never confirmed, or was removed, is worth nothing', async () => {
      const { secret } = await domain.secondFactors.begin(accountId, 'Tablet');
      expect(await codeOf(verify(totpCode(secret, stepAt())))).to.equal('CODE_WRONG');
      const [row] = (await domain.secondFactors.list(accountId)).authenticators;
      await domain.secondFactors.remove(accountId, row?.id ?? '');
      expect(await codeOf(verify(app.code()))).to.equal('CODE_WRONG');
      expect(await domain.secondFactors.isEnrolled(accountId)).to.equal(false);
    });
  });

  describe('recovery codes', () => {
    it('are ten, and each is accepted once, in any spelling', async () => {
      expect(new Set(app.recoveryCodes)).to.have.property('size', 10);
      for (const [index, code] of app.recoveryCodes.entries()) {
        const typed = index % 2 ? code.toUpperCase().replace('-', '') : ` ${code.replace('-', ' - ')} `;
        expect(await verify(typed), typed).to.equal('recovery-code');
        expect(await codeOf(verify(code))).to.equal('CODE_WRONG');
        await domain.database.knex('counters').delete();
      }
      expect((await domain.secondFactors.list(accountId)).recoveryCodes).to.equal(0);
    });

    it('are accepted once of fifty simultaneous attempts, in two processes', async () => {
      const other = await elsewhere();
      const [code = ''] = app.recoveryCodes;
      const results = await outcomes(
        Array.from({ length: 50 }, (_, index) => verifyAs(accountId, code, index % 2 ? other : domain)),
      );
      expect(results.filter((one) => one === 'none')).to.have.length(1);
    });

    it('are replaced by new ones, which invalidates the old', async () => {
      const renewed = await domain.secondFactors.renewRecoveryCodes(accountId);
      expect(renewed).to.have.length(10);
      expect(await codeOf(verify(app.recoveryCodes[3] ?? ''))).to.equal('CODE_WRONG');
      expect(await verify(renewed[3] ?? '')).to.equal('recovery-code');
    });

    it('come with the first app only, and go with the last', async () => {
      const { secret } = await domain.secondFactors.begin(accountId, 'Tablet');
      const second = await domain.secondFactors.confirm(accountId, totpCode(secret, stepAt()), { address });
      expect(second.recoveryCodes).to.deep.equal([]);
      const { authenticators } = await domain.secondFactors.list(accountId);
      for (const { id } of authenticators) await domain.secondFactors.remove(accountId, id);
      expect(await codeOf(verify(app.recoveryCodes[0] ?? ''))).to.equal('CODE_WRONG');
      expect((await domain.secondFactors.list(accountId)).recoveryCodes).to.equal(0);
    });

    it('and secrets are not in the database in plain', async () => {
      const { rows } = await domain.database.knex.raw(
        'select authenticators::text as text from authenticators union all select recovery_codes::text from recovery_codes',
      );
      const text = rows.map((row: { text: string }) => row.text).join('\n');
      for (const one of [app.secret, ...app.recoveryCodes])
        for (const spelling of [one, one.replace('-', '')])
          for (const form of [spelling, Buffer.from(spelling).toString('hex')])
            expect(text).to.not.include(form);
    });
  });

  describe('guesses', () => {
    it('at both factors share one limit, in whichever order', async () => {
      for (let round = 0; round < 5; round += 1) {
        expect(await signIn(`wrong-${round}`)).to.equal('INVALID_CREDENTIALS');
        expect(await codeOf(verify(app.wrong()))).to.equal('CODE_WRONG');
      }
      expect(await signIn()).to.equal('TOO_MANY_ATTEMPTS');
      expect(await codeOf(verify(app.code()))).to.equal('TOO_MANY_ATTEMPTS');
      expect(await codeOf(verify(app.recoveryCodes[0] ?? ''))).to.equal('TOO_MANY_ATTEMPTS');
      await moveClock(domain.database, 901);
      expect(await verify(app.code())).to.equal('totp');
    });

    it('at the second factor are not forgotten because the password was right in between', async () => {
      for (let round = 0; round < 10; round += 1) {
        expect(await signIn()).to.equal('none');
        expect(await codeOf(verify(app.wrong()))).to.equal('CODE_WRONG');
      }
      expect(await codeOf(verify(app.code()))).to.equal('TOO_MANY_ATTEMPTS');
    });

    it('are ten at most from networks of any number, each known by the right password', async () => {
      const codes: string[] = [];
      for (let round = 0; round < 12; round += 1) {
        address = `10.${randomInt(256)}.${randomInt(256)}.1`;
        expect(await signIn()).to.equal('none');
        codes.push(await codeOf(verify(app.wrong())));
      }
      expect(codes).to.deep.equal([...Array(10).fill('CODE_WRONG'), ...Array(2).fill('TOO_MANY_ATTEMPTS')]);
      await domain.locks.unlock(accountId);
      expect(await verify(app.code())).to.equal('totp');
    });

    it('are limited to ten of fifty simultaneous ones, in two processes', async () => {
      const other = await elsewhere();
      const results = await outcomes(
        Array.from({ length: 50 }, (_, index) =>
          verifyAs(accountId, app.wrong(), index % 2 ? other : domain),
        ),
      );
      expect(results.filter((one) => one === 'CODE_WRONG')).to.have.length(10);
      expect(results.filter((one) => one === 'TOO_MANY_ATTEMPTS')).to.have.length(40);
    });

    it('at the code of an app that is being added count as well', async () => {
      await domain.secondFactors.begin(accountId, 'Tablet');
      for (let round = 0; round < 10; round += 1)
        expect(await codeOf(domain.secondFactors.confirm(accountId, '000000', { address }))).to.equal(
          'CODE_WRONG',
        );
      expect(await codeOf(domain.secondFactors.confirm(accountId, '123456', { address }))).to.equal(
        'TOO_MANY_ATTEMPTS',
      );
    });

    it('are audited without what was typed', async () => {
      const guess = app.wrong();
      await codeOf(verify(guess));
      await verify(app.code());
      const rows = await domain.database
        .knex('audit')
        .where('event', 'in', ['second_factor.failed', 'second_factor.succeeded'])
        .orderBy('id');
      expect(rows.map(({ event, account_id }) => [event, Number(account_id)])).to.deep.equal([
        ['second_factor.failed', accountId],
        ['second_factor.succeeded', accountId],
      ]);
      expect(JSON.stringify(rows)).to.not.include(guess);
    });
  });

  describe('apps', () => {
    it('belong to one account: no other account can rename or remove them', async () => {
      const stranger = await newAccount('other@example.com');
      const [row] = (await domain.secondFactors.list(accountId)).authenticators;
      const id = row?.id ?? '';
      expect(await codeOf(domain.secondFactors.rename(stranger, id, 'Mine'))).to.equal('NOT_FOUND');
      expect(await codeOf(domain.secondFactors.remove(stranger, id))).to.equal('NOT_FOUND');
      expect((await domain.secondFactors.list(accountId)).authenticators[0]?.name).to.equal('Phone');
      await domain.secondFactors.rename(accountId, id, ' Tablet ');
      expect((await domain.secondFactors.list(accountId)).authenticators[0]?.name).to.equal('Tablet');
      const renamed = await domain.database.knex('audit').where({ event: 'second_factor.renamed' });
      expect(renamed.map(({ account_id }) => Number(account_id))).to.deep.equal([accountId]);
    });

    it('are activated once, of twenty times at once', async () => {
      const other = await elsewhere();
      const { secret } = await domain.secondFactors.begin(accountId, 'Tablet');
      const code = totpCode(secret, stepAt());
      const results = await outcomes(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? other : domain).secondFactors.confirm(accountId, code, { address }),
        ),
      );
      expect(results.filter((one) => one === 'none')).to.have.length(1);
      expect((await domain.secondFactors.list(accountId)).authenticators).to.have.length(2);
    });

    it('go with their account', async () => {
      await domain.lifecycle.remove(accountId);
      const { knex } = domain.database;
      expect(await knex('authenticators').where({ account_id: accountId })).to.deep.equal([]);
      expect(await knex('recovery_codes').where({ account_id: accountId })).to.deep.equal([]);
    });
  });
});
