import { expect } from 'chai';
import type { Knex } from 'knex';
import {
  type IdempotentResponses,
  idempotentResponses,
} from '../../../src/domain/idempotency/idempotent-responses.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { moveClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database.ts';
import { codeOf } from '../empty-domain.ts';

describe('responses to requests with an Idempotency-Key', () => {
  let knex: Knex;
  let responses: IdempotentResponses;
  let done: number;
  let key: string;

  before(async () => {
    ({ knex } = await testDatabase());
    const ring = keyring([Buffer.alloc(32, 3)]);
    responses = idempotentResponses({ db: knex, keyring: ring, digest: ring.digest });
  });
  beforeEach(() => {
    done = 0;
    key = crypto.randomUUID();
  });

  const send = (content = 'a'): Promise<string> =>
    responses.once({ key, content }, async () => {
      done += 1;
      return `response ${done}`;
    });

  it('are those of the first request for a day, also to simultaneous ones', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(new Set(all)).to.deep.equal(new Set(['response 1']));
    await moveClock(await testDatabase(), 23 * 3600);
    expect(await send()).to.equal('response 1');
  });

  it('are refused for other content under the same key', async () => {
    await send();
    expect(await codeOf(send('b'))).to.equal('IDEMPOTENCY_KEY_REUSED');
    expect(done).to.equal(1);
  });

  it('are not stored for a failure, after which the request runs again', async () => {
    const failing = responses.once({ key, content: 'a' }, () => Promise.reject(new AppError('NOT_FOUND')));
    expect(await codeOf(failing)).to.equal('NOT_FOUND');
    expect(await send()).to.equal('response 1');
  });

  it('reach the client when they cannot be stored, and the work is not repeated at once', async () => {
    await knex.raw(`
      create function refuse_response() returns trigger language plpgsql as
        'begin raise exception ''no response can be stored''; end';
      create trigger refuse_response before update on idempotency_responses
        for each row execute function refuse_response();`);
    try {
      expect(await send()).to.equal('response 1');
    } finally {
      await knex.raw('drop function refuse_response() cascade');
    }
    expect(await codeOf(send())).to.equal('UNAVAILABLE');
    expect(done).to.equal(1);
  });

  it('wait for no process that has died', async () => {
    const begun = Promise.withResolvers<void>();
    void responses.once({ key, content: 'a' }, () => {
      begun.resolve();
      return new Promise(() => {});
    });
    await begun.promise;
    await moveClock(await testDatabase(), 31);
    expect(await send()).to.equal('response 1');
  });

  it('are encrypted, and so are keys and contents', async () => {
    await responses.once({ key, content: 'my content' }, async () => 'my secret');
    const { rows } = await knex.raw(
      `select encode(key, 'escape') k, encode(content, 'escape') c, encode(sealed, 'escape') s
         from idempotency_responses`,
    );
    expect(JSON.stringify(rows))
      .to.not.match(/my content|my secret/)
      .and.not.include(key);
  });
});
