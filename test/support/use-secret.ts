import type { MailedPurpose, MailedSecret } from '../../src/domain/mailed-secrets/mailed-secret.ts';
import type { MailedSecrets } from '../../src/domain/mailed-secrets/mailed-secrets.ts';

/** Checks and claims a secret, as the pages of its mail do. */
export const useSecret = async (
  secrets: Pick<MailedSecrets, 'look' | 'claim'>,
  ...given: [identifier: string, key: string, purpose: MailedPurpose]
): Promise<MailedSecret> => secrets.claim(await secrets.look(...given));
