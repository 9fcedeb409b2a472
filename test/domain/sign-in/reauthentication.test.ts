import { expect } from 'chai';
import { RECENT_AUTH_SECONDS, reauthentication } from '../../../src/domain/sign-in/reauthentication.ts';
import { codeOf } from '../empty-domain.ts';

const NOW = 1_900_000_000;
const PASSWORD = 'correct horse';

const rule = ({ hasPassword }: { hasPassword: boolean }) =>
  reauthentication({
    clock: { now: () => new Date(NOW * 1000) },
    credentials: { has: async () => hasPassword },
    passwordAuthenticator: { isCurrent: async ({ password }) => hasPassword && password === PASSWORD },
  });

const REQUEST = { accountId: 1, field: 'currentPassword', origin: { address: '192.0.2.1' } };

describe('re-authentication before a sensitive change', () => {
  it('is recent for five minutes after a sign-in', () => {
    const { isRecent } = rule({ hasPassword: true });
    expect(isRecent(NOW - RECENT_AUTH_SECONDS)).to.equal(true);
    expect(isRecent(NOW - RECENT_AUTH_SECONDS - 1)).to.equal(false);
    expect(isRecent(undefined)).to.equal(false);
  });

  it('needs nothing after a recent sign-in, but verifies a password that is supplied', async () => {
    for (const hasPassword of [true, false]) {
      const { confirm, needsPassword } = rule({ hasPassword });
      expect(await needsPassword({ accountId: 1, isRecent: true })).to.equal(false);
      const recent = { ...REQUEST, isRecent: true };
      expect(await confirm({ ...recent, password: undefined })).to.equal(true);
      expect(await codeOf(confirm({ ...recent, password: 'wrong' }))).to.equal('PASSWORD_WRONG');
      expect(await codeOf(confirm({ ...recent, password: '' }))).to.equal('PASSWORD_MISSING');
    }
  });

  it('needs the current password later', async () => {
    const { confirm, needsPassword } = rule({ hasPassword: true });
    expect(await needsPassword({ accountId: 1, isRecent: false })).to.equal(true);
    const later = { ...REQUEST, isRecent: false };
    expect(await confirm({ ...later, password: PASSWORD })).to.equal(true);
    expect(await codeOf(confirm({ ...later, password: undefined }))).to.equal('PASSWORD_MISSING');
    expect(await codeOf(confirm({ ...later, password: 'wrong' }))).to.equal('PASSWORD_WRONG');
  });

  it('needs a new sign-in where there is no password', async () => {
    const { confirm } = rule({ hasPassword: false });
    expect(await confirm({ ...REQUEST, isRecent: false, password: undefined })).to.equal(false);
  });

  it('reports a wrong password on the field of the caller', async () => {
    const { passwordProblem, confirmPassword } = rule({ hasPassword: true });
    const wrong = { ...REQUEST, field: 'oldPassword', required: true, password: 'wrong' };
    expect(await passwordProblem(wrong)).to.equal('PASSWORD_WRONG');
    const error = await confirmPassword(wrong).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'PASSWORD_WRONG', field: 'oldPassword' });
  });
});
