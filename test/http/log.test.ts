import { expect } from 'chai';
import { describeError } from '../../src/http/described-error.ts';
import { logger } from '../../src/http/log.ts';

describe('log', () => {
  let lines: string[];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = () => logger({ level: 'info' }, destination);

  beforeEach(() => {
    lines = [];
  });

  it('writes JSON lines of the level and above, with the time', () => {
    log().debug('low');
    log().info({ route: '/x' }, 'high');
    expect(lines).to.have.length(1);
    const { level, time, route, msg } = JSON.parse(lines[0]!);
    expect({ level, route, msg }).to.deep.equal({ level: 'info', route: '/x', msg: 'high' });
    expect(Date.parse(time)).to.be.closeTo(Date.now(), 60_000);
  });

  for (const secret of [
    'headers',
    'query',
    'body',
    'cookie',
    'authorization',
    'password',
    'access_token',
    'url',
  ])
    it(`drops ${secret}, on top and one level down`, () => {
      log().info({ [secret]: 's3cr3t', inner: { [secret]: { deep: 's3cr3t' } }, kept: 1 }, 'line');
      expect(lines[0]).to.include('"kept":1').and.not.include('s3cr3t');
    });

  it('writes lists by their length, survives rings, and describes errors wherever they are', () => {
    const ring: Record<string, unknown> = { kept: 1 };
    ring.self = ring;
    const broken = Object.assign(new Error('wrong'), { detail: 's3cr3t' });
    log().info({ rows: ['s3cr3t', 's3cr3t'], ring, broken }, 'line');
    expect(lines[0]).to.include('"rows":2').and.include('wrong').and.not.include('s3cr3t');
  });

  it('does not take an error’s message for its own', () => {
    const quoting = () => Object.assign(new Error('invalid input: s3cr3t'), { severity: 'ERROR' });
    log().error(quoting());
    log().error({ err: quoting() });
    expect(lines.map((line) => JSON.parse(line).msg)).to.deep.equal(['failure', 'failure']);
    expect(lines.join()).not.to.include('s3cr3t');
  });

  it('keeps type, code, frames and causes of an error', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    log().error({ err: new TypeError('wrong', { cause }) }, 'failed');
    const { err } = JSON.parse(lines[0]!);
    expect(err).to.include({ type: 'TypeError', message: 'wrong' });
    expect(err.at[0]).to.match(/^at .*log\.test\.ts/);
    expect(err.cause).to.include({ type: 'Error', code: 'ECONNREFUSED', message: 'refused' });
  });

  it('keeps nothing that a database error quotes', () => {
    const err = Object.assign(new Error('insert into t values (s3cr3t) - duplicate key'), {
      severity: 'ERROR',
      code: '23505',
      constraint: 'contacts_value_key',
      detail: 'Key (value)=(s3cr3t) already exists.',
      bindings: ['s3cr3t'],
    });
    log().error({ err }, 'failed');
    expect(lines[0]).to.include('23505').and.include('contacts_value_key').and.not.include('s3cr3t');
  });

  it('keeps no statement that Knex puts before the words of the driver', () => {
    const error = new Error(
      'with "due" as (select * from "outbox") update "outbox" set "x" = $1 - Query read timeout',
    );
    expect(describeError(error).message).to.equal('Query read timeout');
  });

  it('keeps no JSON text and no query of a URL', () => {
    const parsing = (() => {
      try {
        return JSON.parse('{"password": s3cr3t}');
      } catch (error) {
        return error;
      }
    })();
    log().error({ err: parsing }, 'failed');
    log().error({ err: new Error('no answer from https://sms.example/send?key=s3cr3t today') }, 'failed');
    expect(lines.join()).to.include('https://sms.example/send today').and.not.include('s3cr3t');
  });

  it('survives what is no error, and causes in a ring', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    log().error({ err: 's3cr3t' }, 'failed');
    log().error({ err: ring }, 'failed');
    expect(JSON.parse(lines[0]!).err).to.deep.equal({ type: 'string' });
    expect(lines[1]).to.include('ring');
  });
});
