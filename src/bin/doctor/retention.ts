import type { Config } from '../../config/config.ts';
import type { Retention } from '../../domain/retention/retention.ts';
import { type Check, ok, warn } from './check.ts';

/** Reports whether unused accounts are erased, and checks that their owners can be notified. */
export async function retentionCheck(
  { retention, messages }: Pick<Config, 'retention' | 'messages'>,
  { waiting }: Pick<Retention, 'waiting'>,
): Promise<Check> {
  const name = 'retention';
  const { inactiveDays, noticeDays } = retention;
  if (inactiveDays === 0) return ok(name, 'unused accounts are kept');
  const said = `accounts unused for ${inactiveDays} days are erased ${noticeDays} days after a notice`;
  if (!messages.smtpUrl && !messages.outbox)
    return warn(name, `${said}, but there is no mail server for the notices`, 'Set SMTP_URL.');
  return ok(name, `${said}; ${await waiting()} have had theirs`);
}
