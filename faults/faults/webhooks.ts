import { setTimeout as pause } from 'node:timers/promises';
import type { Around } from '../clients/client.ts';
import type { Fault } from '../fault.ts';
import type { Server } from '../stage/servers.ts';
import { type Receiver, type ReceiverMood, startReceiver } from '../stage/webhook-receiver.ts';

const TROUBLE_MS = 8000;
/** The number of server kills while the receiver is failing. */
const KILLS = 2;
/** Allows for the retries, and for the leases of a killed process. */
const DELIVERED_WITHIN_MS = 120_000;

/** The events of the audit trail, and their webhook event types. */
const EVENTS: Readonly<Record<string, string>> = {
  'account.created': 'account.registered',
  'sign_in.succeeded': 'sign_in.succeeded',
  'account.password_changed': 'password.changed',
};

interface Row {
  id: string;
  account_id: string | null;
  state: string;
}

/** Adds a webhook, and returns a function that compares its deliveries with the events since. */
async function watched({ stage, tally }: Around, receiver: Receiver) {
  const types = Object.values(EVENTS).flatMap((type) => ['--event', type]);
  const added = await stage.command(['webhook', 'create', '--url', receiver.url, ...types, '--json']);
  const { id, secret } = JSON.parse(added) as { id: string; secret: string };
  receiver.secret = secret;
  // events that began before the webhook existed need not be delivered
  await pause(1000);
  const [begun] = await stage.query<{ now: string }>('select now()::text as now');
  const from = begun?.now;

  return async (): Promise<void> => {
    const [ended] = await stage.query<{ now: string }>('select now()::text as now');
    const until = ended?.now;
    const rows = () =>
      stage.query<Row>(
        `select id::text, account_id::text, state from webhook_deliveries
         where webhook_id = $1 and at > $2::timestamptz and at < $3::timestamptz order by position`,
        [id, from, until],
      );
    const [happened] = await stage.query<{ count: number }>(
      `select count(*)::int as count from audit
       where event = any($1) and at > $2::timestamptz and at < $3::timestamptz`,
      [Object.keys(EVENTS), from, until],
    );
    const deadline = performance.now() + DELIVERED_WITHIN_MS;
    let all = await rows();
    while (all.some(({ state }) => state === 'waiting') && performance.now() < deadline) {
      await pause(500);
      all = await rows();
    }
    if (all.length !== happened?.count)
      tally.lost.push(`${happened?.count} events happened, ${all.length} were queued`);
    const accepted = new Set(receiver.accepted);
    const missing = all.filter((row) => row.state !== 'delivered' || !accepted.has(row.id)).length;
    if (missing > 0) tally.lost.push(`${missing} events were not delivered`);
    const known = await stage.query('select 1 from webhook_deliveries where id = any($1::uuid[])', [
      receiver.accepted,
    ]);
    const orphans = receiver.accepted.length - known.length;
    if (orphans > 0) tally.doubled.push(`${orphans} events were sent of what never happened`);
    if (receiver.unsigned > 0) tally.lost.push(`${receiver.unsigned} requests had no valid signature`);
    const place = new Map(receiver.accepted.map((one, index) => [one, index]));
    for (const [account, ofAccount] of Map.groupBy(all, (row) => row.account_id)) {
      const places = ofAccount.map((row) => place.get(row.id) ?? 0);
      if (account !== null && places.some((one, index) => one < (places[index - 1] ?? 0)))
        tally.lost.push('events of an account came in another order');
    }
    tally.notes.push(`${all.length} events, ${receiver.repeats} of them delivered again under their id`);
    await stage.command(['webhook', 'remove', id, '--yes']);
    await receiver.stop();
  };
}

const webhookFault = (mood: ReceiverMood, what: string): Fault => ({
  name: `webhook-${mood}`,
  what: `The receiver of a webhook ${what} for ${TROUBLE_MS / 1000} seconds, while servers get SIGKILL.`,
  never:
    'An event that is missing, was delivered but did not happen, or came before an earlier one of its account.',
  cuts: true,
  async inject(around) {
    const { stage, later } = around;
    const receiver = await startReceiver();
    const compare = await watched(around, receiver);
    await receiver.become(mood);
    try {
      for (let kills = 0; kills < KILLS; kills += 1) {
        await pause(TROUBLE_MS / (KILLS + 1));
        const server = stage.servers[kills % 2] as Server;
        await server.end('SIGKILL');
        await server.again();
      }
      await pause(TROUBLE_MS / (KILLS + 1));
    } finally {
      await receiver.become('well');
    }
    return async () => later(compare);
  },
});

export const webhookDown = webhookFault('down', 'refuses connections');
export const webhookSlow = webhookFault('slow', 'answers after two and a half seconds');
export const webhookLies = webhookFault(
  'lies',
  'answers with errors, redirects, huge responses or not at all',
);
