import type { VersionName, Versions } from '../domain/versions/versions.ts';

interface Deps {
  /** The versions before clients and keys were first read: what changed since is not missed. */
  known: Versions;
  read: () => Promise<Versions>;
  changed: Record<VersionName, () => Promise<void>>;
}

/**
 * Looks whether another process changed clients or keys, and acts on what is new. Polling the database needs nothing
 * but the database; a message through Redis only makes the next look come at once.
 */
export function versionWatch({ known: first, read, changed }: Deps): () => Promise<void> {
  let known = first;
  return async () => {
    const now = await read();
    for (const name of Object.keys(changed) as VersionName[]) {
      if (now[name] === known[name]) continue;
      await changed[name]();
      known = { ...known, [name]: now[name] };
    }
  };
}
