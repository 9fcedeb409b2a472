import { expect } from 'chai';
import { type IdempotencyKeys, idempotencyKeys } from '../../../src/domain/idempotency/idempotency-keys.ts';
import { sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { moveClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database.ts';
import { codeOf } from '../empty-domain.ts';

describe('submissions', () => {
  let forms: IdempotencyKeys;
  let done: string[];
  let form: string;

  before(async () => {
    const { knex } = await testDatabase();
    const ring = keyring([Buffer.alloc(32, 3)]);
    forms = idempotencyKeys({ db: knex, keyring: ring, digest: ring.digest });
  });
  beforeEach(() => {
    done = [];
    form = crypto.randomUUID();
  });

  const send = (content = 'a', of = form): Promise<string | undefined> =>
    forms.once({ form: of, content }, async () => {
      done.push(content);
      return `answer ${done.length}`;
    });

  it('are processed once, however many are simultaneous, and all get the same response', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(new Set(answers)).to.deep.equal(new Set(['answer 1']));
    expect(done).to.deep.equal(['a']);
    expect(await send()).to.equal('answer 1');
  });

  it('differ for other content, and for another browser or form', async () => {
    for (const content of ['a', 'b', 'a']) await send(content);
    expect(done).to.deep.equal(['a', 'b', 'a']);
    await send('a', crypto.randomUUID());
    expect(done).to.have.length(4);
  });

  it('are processed again a minute later', async () => {
    await send();
    await moveClock(await testDatabase(), 61);
    expect(await send()).to.equal('answer 2');
  });

  it('are processed by one that waited when the first one failed', async () => {
    let tries = 0;
    const failing = () =>
      forms.once({ form, content: 'a' }, async () => {
        tries += 1;
        if (tries < 3) throw new AppError('PASSWORD_WRONG');
        return 'third';
      });
    const codes = await Promise.all([1, 2, 3].map(() => failing().catch((error: AppError) => error.code)));
    expect(codes.sort()).to.deep.equal(['PASSWORD_WRONG', 'PASSWORD_WRONG', 'third']);
    expect(await failing()).to.equal('third');
  });

  it('are processed each time when there is nothing to repeat', async () => {
    const nothing = () => forms.once({ form, content: 'a' }, async () => void done.push('a'));
    await nothing();
    await nothing();
    expect(done).to.have.length(2);
  });

  it('wait for no process that has died', async () => {
    const { promise: never } = Promise.withResolvers<string>();
    await new Promise<void>((begun) => {
      void forms.once({ form, content: 'a' }, () => {
        begun();
        return never;
      });
    });
    expect(await codeOf(send())).to.equal('UNAVAILABLE');
    await moveClock(await testDatabase(), 31);
    expect(await send()).to.equal('answer 1');
  }).timeout(30_000);

  it('leave nothing readable, and nothing at all after two minutes', async () => {
    const { knex } = await testDatabase();
    await knex('submissions').delete();
    await send('my password');
    const rows = JSON.stringify(
      (await knex.raw(`select encode(content, 'escape') c, encode(sealed, 'escape') s from submissions`))
        .rows,
    );
    expect(rows).to.not.match(/password|answer/);
    await moveClock(await testDatabase(), 121);
    await sweeper({ db: knex, size: 100, auditDays: 400 })();
    expect(await knex('submissions').select()).to.deep.equal([]);
  });
});
