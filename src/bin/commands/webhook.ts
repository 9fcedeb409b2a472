import { Command, Option } from 'commander';
import { WEBHOOK_TYPES } from '../../domain/webhook-events/webhook-type.ts';
import {
  DELIVERY_STATES,
  type Delivery,
  type DeliveryState,
  INCLUDES,
  stateOf,
} from '../../domain/webhooks/webhook.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { fields, table } from '../kit/answer.ts';
import { confirm } from '../kit/confirm.ts';
import { collect, pageSize, seconds } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const TYPES = `
Types of events: ${WEBHOOK_TYPES.join(', ')}. See docs/webhooks.md.`;

interface Given {
  url: string;
  event: string[];
  include?: string[];
}

const create = (setting: Setting): Command =>
  subcommand({
    name: 'create',
    description: 'adds a receiver of events and shows its secret once',
    example: 'webhook create --url https://crm.example.com/events --event account.registered',
  })
    .requiredOption('--url <url>', 'where events are posted')
    .requiredOption('--event <type>', 'a type of events (repeatable)', collect)
    .option(
      '--include <data>',
      `personal data that requests contain: ${INCLUDES.join(', ')} (repeatable)`,
      collect,
    )
    .addHelpText('after', TYPES)
    .action(
      working(setting, async ({ domain }, { url, event: events, include = [] }: Given) => {
        const { webhook, secret } = await domain.webhooks.create({ url, events, include });
        const data = { id: webhook.id, url: webhook.url, events: webhook.events, include, secret };
        return { data, text: `${fields(data)}\nThe secret is shown only once.` };
      }),
    );

const list = (setting: Setting): Command =>
  subcommand({ name: 'list', description: 'lists the webhooks', example: 'webhook list' }).action(
    working(setting, async ({ domain }) => {
      const webhooks = (await domain.webhooks.list()).map((webhook) => ({
        id: webhook.id,
        url: webhook.url,
        state: stateOf(webhook),
        disabled_reason: webhook.disabledReason,
        failing_since: webhook.failingSince,
        events: webhook.events,
        include: webhook.include,
        created_at: webhook.createdAt,
      }));
      const rows = webhooks.map(({ id, url, state, events, include }) => [id, state, url, events, include]);
      return { data: webhooks, text: table(['id', 'state', 'url', 'events', 'include'], rows) };
    }),
  );

const shown = (delivery: Delivery) => ({
  id: delivery.id,
  type: delivery.type,
  account: delivery.accountId,
  at: delivery.at,
  state: delivery.state,
  attempts: delivery.attempts,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  next_attempt_at: delivery.state === 'waiting' ? delivery.dueAt : null,
});

const test = (setting: Setting): Command =>
  subcommand({
    name: 'test <id>',
    description: 'sends an event of the type webhook.test, once, and tells whether it was accepted',
    example: 'webhook test 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
  }).action(
    working(setting, async ({ domain }, id: string) => {
      const delivery = await domain.webhookDeliveries.test(id);
      const data = shown(delivery);
      return { data, text: fields(data), failed: delivery.state === 'failed' };
    }),
  );

const deliveries = (setting: Setting): Command =>
  subcommand({
    name: 'deliveries <id>',
    description: 'lists the deliveries of the last 14 days, newest first',
    example: 'webhook deliveries 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed --state failed',
  })
    .addOption(new Option('--state <state>', 'only those in this state').choices(DELIVERY_STATES))
    .option('--limit <number>', 'how many', pageSize, 50)
    .action(
      working(
        setting,
        async ({ domain }, id: string, { state, limit }: { state?: DeliveryState; limit: number }) => {
          const { data } = await domain.webhooks.deliveries(id, state, { limit });
          const all = data.map(shown);
          const head = [
            'id',
            'type',
            'account',
            'at',
            'state',
            'attempts',
            'status',
            'error',
            'next attempt',
          ];
          return {
            data: all,
            text: table(
              head,
              all.map((one) => Object.values(one)),
            ),
          };
        },
      ),
    );

const redeliver = (setting: Setting): Command =>
  subcommand({
    name: 'redeliver <id> <delivery>',
    description: 'has a running server deliver an event once more, under the same ID',
    example: 'webhook redeliver 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed 6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
  }).action(
    working(setting, async ({ domain }, id: string, delivery: string) => {
      const data = shown(await domain.webhooks.redeliver(id, delivery));
      return { data, text: `Event ${data.id} is delivered again.` };
    }),
  );

const rotateSecret = (setting: Setting): Command =>
  subcommand({
    name: 'rotate-secret <id>',
    description: 'generates a new secret and shows it once; requests have both signatures meanwhile',
    example: 'webhook rotate-secret 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed --keep 24h',
  })
    .option('--keep <time>', 'how long the previous one signs too (90s, 15m, 24h, 7d)', seconds, DAY_SECONDS)
    .action(
      working(setting, async ({ domain }, id: string, { keep }: { keep: number }) => {
        const data = { id, secret: await domain.webhooks.rotateSecret(id, keep) };
        const old = keep
          ? `The previous one signs too for ${keep} s.`
          : 'The previous one is not used any more.';
        return { data, text: `${fields(data)}\nShown only once. ${old}` };
      }),
    );

const enable = (setting: Setting): Command =>
  subcommand({
    name: 'enable <id>',
    description: 'enables a webhook that was disabled; what waited is delivered',
    example: 'webhook enable 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
  }).action(
    working(setting, async ({ domain }, id: string) => {
      await domain.webhooks.change(id, { enabled: true });
      return { data: { id, enabled: true }, text: `Webhook ${id} is enabled.` };
    }),
  );

const remove = (setting: Setting): Command =>
  subcommand({
    name: 'remove <id>',
    description: 'removes a webhook and its secret; events that wait for it are not delivered',
    example: 'webhook remove 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed --yes',
  })
    .option('--yes', 'does not ask for confirmation')
    .action(
      working(setting, async ({ domain, terminal }, id: string, { yes }: { yes?: boolean }) => {
        const { url } = await domain.webhooks.find(id);
        await confirm(terminal, `Remove the webhook to ${url}?`, yes);
        await domain.webhooks.remove(id);
        return { data: { id, removed: true }, text: `Webhook ${id} has been removed.` };
      }),
    );

export function webhookCommands(setting: Setting): Command {
  const group = new Command('webhook').description('receivers of events');
  for (const make of [create, list, test, deliveries, redeliver, rotateSecret, enable, remove])
    group.addCommand(make(setting));
  return group;
}
