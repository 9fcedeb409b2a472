import type { Db } from '../../db/database.ts';

export type VersionName = 'clients' | 'keys' | 'upstream';

export type Versions = Record<VersionName, number>;

/** Reads the versions, which every change of clients, keys or upstream providers increments in its own transaction. */
export async function readVersions(db: Db): Promise<Versions> {
  const rows = (await db('versions').select('name', 'version')) as { name: VersionName; version: number }[];
  return Object.fromEntries(rows.map(({ name, version }) => [name, version])) as Versions;
}
