import { once } from 'node:events';
import { connect } from 'node:net';

/** Whether a process listens on a Unix socket. A socket that a killed process left behind refuses connections. */
export async function isAlive(path: string): Promise<boolean> {
  const probe = connect(path);
  try {
    await once(probe, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    probe.destroy();
  }
}
