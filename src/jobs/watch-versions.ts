import type { VersionName, Versions } from '../domain/versions/versions.ts';

interface Deps {
  /** The versions read before clients and keys were first loaded, so that later changes are not missed. */
  known: Versions;
  read: () => Promise<Versions>;
  changed: Record<VersionName, () => Promise<void>>;
}

/**
 * Checks whether another process has changed clients, keys or upstream providers, and handles new changes. Polling
 * needs only the database; a message through Redis just triggers the next check immediately.
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
