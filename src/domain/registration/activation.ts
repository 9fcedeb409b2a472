import { AppError } from '../../errors/app-error.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import type { ConsentRecords, GivenOn } from '../consent-records/consent-records.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { CallerTries } from '../mailed-secrets/caller-tries.ts';
import type { MailedSecret } from '../mailed-secrets/mailed-secret.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import { isWrongSecret, type NewPasswordDeps, setPasswordByMail } from '../recovery/new-password.ts';
import { type SignUp, type SignUpDeps, signUp } from './sign-up.ts';

export interface ActivationProof {
  /** Both from the mail. */
  identifier: string;
  secret: string;
  origin: Origin;
}

export interface Activation {
  signUp: SignUp;
  /**
   * Returns the address that an activation proves, without using up the secret. Throws `ACTIVATION_INVALID`,
   * `TOO_MANY_ATTEMPTS`.
   */
  look(proof: ActivationProof): Promise<{ email: string }>;
  /**
   * Activates the account, with its first password and a verified address, and records that the terms were accepted.
   * Throws `ACTIVATION_INVALID` for any error in the identifier or the secret, `CONTACT_TAKEN`, the password policy's
   * codes, `TOO_MANY_ATTEMPTS`.
   */
  activate(activation: ActivationProof & { password: string; on: GivenOn }): Promise<void>;
}

interface Deps extends NewPasswordDeps, Omit<SignUpDeps, 'lifecycleIn'> {
  lifecycleIn: (
    ...on: Parameters<SignUpDeps['lifecycleIn']>
  ) => ReturnType<SignUpDeps['lifecycleIn']> & ReturnType<NewPasswordDeps['lifecycleIn']>;
  tries: CallerTries;
  consentRecords: Pick<ConsentRecords, 'register'>;
}

const invalid = (error: unknown): never => {
  throw isWrongSecret(error) ? new AppError('ACTIVATION_INVALID', { field: 'secret', cause: error }) : error;
};

export function activation(deps: Deps): Activation {
  const { db, keyring } = deps;

  async function lookAt({ identifier, secret }: ActivationProof): Promise<MailedSecret> {
    const found = await mailedSecrets({ db, keyring }).look(identifier, secret, 'activate_account');
    const account = await deps.accounts.find(found.accountId);
    if (account?.status !== 'pending') throw new AppError('LINK_INVALID');
    return found;
  }

  const tried = (proof: ActivationProof): Promise<MailedSecret> =>
    deps.tries.spend({ purpose: 'activate_account', key: proof.secret, origin: proof.origin }, () =>
      equaliseTiming(() => lookAt(proof)),
    );

  return {
    signUp: signUp(deps),
    look: (proof) => tried(proof).catch(invalid),
    async activate({ password, on, ...proof }) {
      const secret = await tried(proof).catch(invalid);
      await setPasswordByMail(deps, secret, password, {
        check: async (_, { status }) => status === 'pending',
        afterwards: (tx, { id }) => deps.consentRecords.register(tx, id, on),
      }).catch(invalid);
    },
  };
}
