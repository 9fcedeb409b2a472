import { expect } from 'chai';
import { databaseSentence, explainDatabase } from '../../src/db/explain.ts';
import { translateFailure } from '../../src/db/failures.ts';
import { AppError } from '../../src/errors/app-error.ts';

const refusal = (code: string, message = `insert into "accounts" ("name") values ($1) - failed`): Error =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });

describe('why a database cannot be used', () => {
  it('is one sentence without SQL, whatever it was', () => {
    for (const error of [
      refusal('42P01'),
      refusal('42501'),
      new AppError('UNAVAILABLE', { cause: refusal('25006') }),
      new Error('select "secret" from "x" - Query read timeout'),
      new AppError('UNAVAILABLE'),
      'nonsense',
    ]) {
      const sentence = databaseSentence(error);
      expect(sentence)
        .to.match(/^The database [^\n]+ \([^)]+\)\. [^\n]+\.$/)
        .and.include('DATABASE_URL');
      expect(sentence).not.to.match(/insert into|select "secret"/);
    }
  });

  it('is not given for failures of single statements and of our own code', () => {
    for (const error of [
      refusal('57014', 'canceling statement due to statement timeout'),
      refusal('55P03'),
      refusal('40001'),
      refusal('23505'),
      new TypeError('x is not a function'),
    ])
      expect(explainDatabase(error)).to.equal(undefined);
  });

  it('recognises a pooler by its error text, which has one code for everything', () => {
    const statement = 'insert into "accounts" ("name") values ($1) - ';
    const settings = 'unsupported startup parameter in options: lock_timeout';
    for (const before of ['', statement]) {
      expect(explainDatabase(refusal('08P01', before + settings))?.what).to.include(
        'rejects session settings',
      );
      for (const words of [
        'query_wait_timeout',
        'server login has been failing, try again later (server_login_retry)',
      ])
        expect(explainDatabase(refusal('08P01', before + words))?.what).to.include('has no connection');
    }
  });

  it('is 503, also for a lost privilege, an untrusted certificate and a pooler that mixes statements up', () => {
    for (const error of [
      ...['42501', '3F000', '26000', '42P05', '25P04'].map((code) => refusal(code)),
      Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      new Error('The server does not support SSL connections'),
    ])
      expect(translateFailure(error)).to.be.instanceOf(AppError).with.property('code', 'UNAVAILABLE');
  });
});
