import type { Adapter } from 'oidc-provider';
import { type ClientAdapterDeps, clientAdapter } from './client-adapter.ts';
import { type RecordAdapterDeps, recordAdapter } from './record-adapter.ts';
import { type SessionAdapterDeps, sessionAdapter } from './session-adapter.ts';

export type AdapterDeps = ClientAdapterDeps & RecordAdapterDeps & SessionAdapterDeps;

/** Returns the storage for oidc-provider: one adapter per model. The library calls it with the model's name. */
export const adapters =
  (deps: AdapterDeps): ((name: string) => Adapter) =>
  (name) => {
    if (name === 'Client') return clientAdapter(deps);
    if (name === 'Session') return sessionAdapter(deps);
    return recordAdapter(name, deps);
  };
