import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killTree, postgresPrograms } from '../../bench/services/postgres.ts';
import { freePort } from '../../test/support/free-port.ts';
import { type OwnedProcess, ownFolder, startOwned } from './owned-process.ts';

/** Settings of Patroni, in seconds. */
export interface Timing {
  /** The lifetime of the leader's lock after its last renewal, which is the longest part of a failover. */
  ttl: number;
  loopWait: number;
  retryTimeout: number;
}

interface NodeOptions {
  name: string;
  etcd: string;
  timing: Timing;
  log: string;
}

/** A machine of the cluster: Patroni and the PostgreSQL that it runs. */
export interface PatroniNode {
  name: string;
  /** The port of PostgreSQL. */
  port: number;
  /** The address of Patroni's REST API. */
  api: string;
  /** Ends its processes simultaneously, like the loss of a machine. Its data is kept. */
  lose(): Promise<void>;
  /** Starts Patroni again, which brings PostgreSQL back as a standby. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

const configurationOf = (
  { name, etcd, timing }: NodeOptions,
  { api, port, folder }: { api: string; port: number; folder: string },
) => ({
  scope: 'faults',
  name,
  restapi: { listen: api, connect_address: api },
  etcd3: { host: etcd },
  bootstrap: {
    dcs: {
      ttl: timing.ttl,
      loop_wait: timing.loopWait,
      retry_timeout: timing.retryTimeout,
      synchronous_mode: true,
      postgresql: { use_pg_rewind: true },
    },
    initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, { auth: 'trust' }, 'data-checksums', 'no-sync'],
  },
  postgresql: {
    listen: `127.0.0.1:${port}`,
    connect_address: `127.0.0.1:${port}`,
    data_dir: join(folder, 'data'),
    bin_dir: postgresPrograms(),
    pgpass: join(folder, 'pgpass'),
    authentication: {
      superuser: { username: 'postgres' },
      replication: { username: 'postgres' },
      rewind: { username: 'postgres' },
    },
    parameters: { unix_socket_directories: folder, shared_buffers: '128MB', max_connections: 100 },
    pg_hba: [
      'local all all trust',
      'host all all 127.0.0.1/32 trust',
      'host replication all 127.0.0.1/32 trust',
    ],
    remove_data_directory_on_diverged_timelines: true,
  },
  watchdog: { mode: 'off' },
});

/** Starts a node in a temporary folder. It joins the cluster, or creates it if it is the first node. */
export async function startNode(options: NodeOptions): Promise<PatroniNode> {
  const { name, log } = options;
  const folder = await ownFolder(name);
  const port = await freePort();
  const api = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'patroni.yml');
  // JSON is valid YAML
  await writeFile(file, JSON.stringify(configurationOf(options, { api, port, folder })), { mode: 0o644 });
  let patroni: OwnedProcess | undefined;
  const begin = async (): Promise<void> => {
    patroni = await startOwned('patroni', [file], log);
  };

  async function lose(): Promise<void> {
    const running = patroni;
    patroni = undefined;
    const pids = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    const postmaster = Number(pids.split('\n')[0]);
    // Patroni is frozen first, so that it does not notice the end of PostgreSQL
    running?.freeze();
    if (postmaster > 0) await killTree(postmaster);
    await running?.end('SIGKILL');
  }

  await begin();
  return {
    name,
    port,
    api: `http://${api}`,
    lose,
    again: begin,
    async stop() {
      await lose();
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
