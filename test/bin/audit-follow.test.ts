import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { atEnd } from '../support/at-end.ts';
import { command, commandJson, environment, PRATU, runCommand } from '../support/command.ts';
import { testDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

interface Following {
  child: ChildProcess;
  events: { id: number; event: string; client_id: string; actor: string }[];
}

describe('pratu audit --follow', () => {
  /** Starts the command in a process of its own. It waits for events when this returns. */
  async function following(args: string[]): Promise<Following> {
    const child = spawn(process.execPath, [PRATU, 'audit', '--follow', '--json', ...args], {
      env: await environment({}),
    });
    atEnd(async () => void child.kill('SIGKILL'));
    const events: Following['events'] = [];
    createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
    const [first] = await once(child.stderr, 'data');
    expect(String(first)).to.include('Ctrl+C');
    return { child, events };
  }

  async function ended({ child }: Following, signal: NodeJS.Signals): Promise<number | null> {
    const exit = once(child, 'exit');
    child.kill(signal);
    return (await exit)[0];
  }

  const newClient = async (): Promise<string> => {
    const id = `followed-${randomHex(64)}`;
    const { code } = await runCommand(['client', 'create', '--id', id, '--grant-type', 'client_credentials']);
    expect(code).to.equal(0);
    return id;
  };

  it('prints the events of other processes, ends on Ctrl+C, and resumes after the last one', async () => {
    const one = await following(['--event', 'client.created']);
    const [first, second] = [await newClient(), await newClient()];
    await eventually(async () =>
      expect(one.events.map(({ client_id: id }) => id)).to.include.members([first, second]),
    );
    expect(one.events.every(({ event }) => event === 'client.created')).to.equal(true);
    expect(one.events[0]?.actor).to.match(/^command:/);
    expect(await ended(one, 'SIGINT')).to.equal(0);

    const missed = await newClient();
    const last = one.events.find(({ client_id: id }) => id === first)?.id;
    const two = await following(['--event', 'client.created', '--after', String(last)]);
    await eventually(async () =>
      expect(two.events.map(({ client_id: id }) => id)).to.include.members([second, missed]),
    );
    expect(two.events.map(({ client_id: id }) => id)).to.not.include(first);
    expect(await ended(two, 'SIGTERM')).to.equal(0);
  });

  it('begins at a time, and prints lines for people', async () => {
    const { knex } = await testDatabase();
    const client = `since-${randomHex(64)}`;
    await knex('audit').insert({ event: 'client.created', client_id: client, details: '{}' });
    const { rows } = await knex.raw(`select pratu_now() - interval '1 minute' as at`);
    const since = rows[0].at.toISOString();
    const { code, stdout } = await command(['audit', '--follow', '--client', client, '--since', since]);
    expect(code).to.equal(0);
    expect(stdout.trim().split('\n')).to.have.length(1);
    expect(stdout).to.include('client.created').and.include(client);
  });

  // the embedded database has one connection: nothing commits between two statements of another
  if (process.env.DATABASE_URL) {
    it('leaves no event out that is committed later than one with a higher id', async () => {
      const { knex } = await testDatabase();
      const client = `late-${randomHex(64)}`;
      const write = (db: typeof knex, event: string) =>
        db('audit').insert({ event, client_id: client, details: '{}' });
      const slow = await knex.transaction();
      await write(slow as unknown as typeof knex, 'client.created');
      const { id: before } = (await knex('audit').max('id as id').first()) as { id: number | null };
      await write(knex, 'client.changed');
      const read = () => commandJson<unknown[]>(['audit', '--client', client]).then((found) => found.length);
      expect(await read()).to.equal(1);
      const args = ['audit', '--follow', '--json', '--client', client, '--after', String(before ?? 0)];
      const running = command(args);
      setTimeout(() => void slow.commit(), 800);
      const { stdout } = await running;
      const events = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event);
      expect(events).to.deep.equal(['client.created', 'client.changed']);
    });
  }

  it('refuses options that do not fit', async () => {
    expect((await command(['audit', '--after', '7'])).code).to.equal(2);
    expect((await command(['audit', '--follow', '--after', 'x'])).code).to.equal(2);
    expect((await command(['audit', '--follow', '--until', '2026-01-31'])).code).to.equal(2);
  });
});
