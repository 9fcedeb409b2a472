import { rm } from 'node:fs/promises';
import { freePort } from '../../test/support/free-port.ts';
import { ownFolder, startOwned } from './owned-process.ts';

/**
 * Starts an etcd with one member, in which Patroni stores the current primary. Returns its address and its stop
 * function.
 */
export async function startEtcd(log: string): Promise<{ address: string; stop(): Promise<void> }> {
  const folder = await ownFolder('etcd');
  const address = `127.0.0.1:${await freePort()}`;
  const peers = `http://127.0.0.1:${await freePort()}`;
  const options = {
    name: 'faults',
    'data-dir': `${folder}/data`,
    'listen-client-urls': `http://${address}`,
    'advertise-client-urls': `http://${address}`,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `faults=${peers}`,
    'log-level': 'warn',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const child = await startOwned('etcd', args, log);
  return {
    address,
    async stop() {
      await child.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
