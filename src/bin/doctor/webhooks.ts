import { stateOf, type Webhook } from '../../domain/webhooks/webhook.ts';
import { type Check, ok, warn } from './check.ts';

/** Checks that the receivers of events accept them. */
export function webhookCheck(webhooks: readonly Webhook[]): Check {
  const name = 'webhooks';
  const hostsIn = (state: string): string[] =>
    webhooks.filter((one) => stateOf(one) === state).map(({ url }) => new URL(url).host);
  const [disabled, failing] = [hostsIn('disabled'), hostsIn('failing')];
  if (disabled.length > 0)
    return warn(
      name,
      `disabled: ${disabled.join(', ')}`,
      'Repair the receiver, then run: pratu webhook enable <id>',
    );
  if (failing.length > 0)
    return warn(name, `failing: ${failing.join(', ')}`, 'Run: pratu webhook deliveries <id>');
  return ok(name, webhooks.length === 0 ? 'none' : `${webhooks.length}, none failing`);
}
