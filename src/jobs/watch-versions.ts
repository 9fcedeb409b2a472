import type { VersionName, Versions } from '../domain/versions/versions.ts';

interface Deps {
  read: () => Promise<Versions>;
  changed: Record<VersionName, () => Promise<void>>;
}

/**
 * Looks whether another process changed clients or keys, and acts on what is new. Polling the database needs nothing
 * but the database; a message through Redis only makes the next look come at once.
 */
export async function versionWatch({ read, changed }: Deps): Promise<() => Promise<void>> {
  let known = await read();
  return async () => {
    const now = await read();
    for (const name of Object.keys(changed) as VersionName[]) {
      if (now[name] === known[name]) continue;
      await changed[name]();
      known = { ...known, [name]: now[name] };
    }
  };
}
