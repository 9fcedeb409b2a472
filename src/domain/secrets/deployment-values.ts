import { randomBytes } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';

const CONTEXT = 'deployment_values.sealed';
const BYTES = 32;

/** `demonstration` exists once the demonstration data has been created; `digests` keys `lasting-digest.ts`. */
export type DeploymentValue = 'pairwise-salt' | 'demonstration' | 'digests';

/** Returns a random value that this deployment creates once, at the first request, and keeps indefinitely. */
export async function deploymentValue(
  deps: { db: Db; keyring: Keyring },
  name: DeploymentValue,
): Promise<Buffer> {
  await deps
    .db('deployment_values')
    .insert({ name, sealed: deps.keyring.seal(CONTEXT, randomBytes(BYTES), name) })
    .onConflict('name')
    .ignore();
  const row = await deps.db('deployment_values').where({ name }).first('sealed');
  return deps.keyring.open(CONTEXT, row.sealed, name);
}

export const hasDeploymentValue = async (db: Db, name: DeploymentValue): Promise<boolean> =>
  (await db('deployment_values').where({ name }).first('name')) !== undefined;
