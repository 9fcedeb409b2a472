import { expect } from 'chai';
import { failureOf, retryAfterSeconds, SendFailure } from '../../../src/domain/messages/send-failure.ts';

describe('a failure to send', () => {
  const codeOf = (error: unknown): string => failureOf(error).code;

  it('keeps a code and no words of the gateway', () => {
    expect(codeOf(Object.assign(new Error('to 0812345678'), { code: 'ECONNREFUSED' }))).to.equal(
      'ECONNREFUSED',
    );
    expect(codeOf(Object.assign(new Error(), { reason: 'address' }))).to.equal('ADDRESS');
    expect(codeOf(new DOMException('late', 'TimeoutError'))).to.equal('TIMEOUT');
    expect(codeOf(Object.assign(new Error(), { code: 'your code is 123456' }))).to.equal('UNKNOWN');
    expect(codeOf(undefined)).to.equal('UNKNOWN');
  });

  it('leaves a failure that is one already', () => {
    const failure = new SendFailure('HTTP_503', { retryAfter: 7 });
    expect(failureOf(failure)).to.equal(failure);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it('is read as seconds or as a date', () => {
    expect(retryAfterSeconds('120', now)).to.equal(120);
    expect(retryAfterSeconds('Thu, 01 Jan 2026 00:00:30 GMT', now)).to.equal(30);
  });

  it('is no reason to wait when it is absent, broken or past', () => {
    for (const header of [null, '', 'soon', '-5', 'Wed, 31 Dec 2025 00:00:00 GMT']) {
      expect(retryAfterSeconds(header, now), String(header)).to.equal(0);
    }
  });

  it('is a day at most', () => {
    expect(retryAfterSeconds('9'.repeat(30), now)).to.equal(86_400);
  });
});
