import { expect } from 'chai';
import { isWorthWriting, type SessionPayload } from '../../../src/domain/sessions/session.ts';

const DAY = 86_400;

describe('a session that was read', () => {
  const before = { uid: 'u', accountId: '1', loginTs: 5, exp: DAY, iat: 0, jti: 'a' } as SessionPayload;
  const later = (seconds: number, more: object = {}): SessionPayload =>
    ({ ...before, iat: seconds, exp: DAY + seconds, jti: 'a', ...more }) as SessionPayload;

  it('is written when something of it changed', () => {
    expect(isWorthWriting(before, later(1, { authorizations: { app: { sid: 's' } } }), DAY)).to.equal(true);
    expect(isWorthWriting(before, later(1, { accountId: '2' }), DAY)).to.equal(true);
  });

  it('is written once a minute when it has not changed', () => {
    expect(isWorthWriting(before, later(59), DAY)).to.equal(false);
    expect(isWorthWriting(before, later(60), DAY)).to.equal(true);
  });

  it('never expires because of this while it is used, however short its life is', () => {
    expect(isWorthWriting(before, later(1), 20)).to.equal(false);
    expect(isWorthWriting(before, later(2), 20)).to.equal(true);
  });
});
