import type { Adapter, AdapterPayload } from 'oidc-provider';

const MODELS = new Map<string, Map<string, AdapterPayload>>();
const BY_GRANT = new Map<string, Set<string>>();
const UIDS = new Map<string, string>();

/**
 * The simplest storage that oidc-provider allows: objects in maps, kept until the process ends. The adapter of the
 * library keeps only a thousand entries, too few for a load.
 */
export function memoryAdapter(model: string): Adapter {
  const entries = MODELS.get(model) ?? new Map<string, AdapterPayload>();
  MODELS.set(model, entries);
  const all = BY_GRANT;

  return {
    async find(id) {
      return entries.get(id);
    },
    async findByUid(uid) {
      return entries.get(UIDS.get(uid) ?? '');
    },
    async findByUserCode() {
      return undefined;
    },
    async upsert(id, payload) {
      entries.set(id, payload);
      if (payload.uid) UIDS.set(payload.uid, id);
      if (!payload.grantId || model === 'Grant') return;
      const members = all.get(payload.grantId) ?? new Set();
      all.set(payload.grantId, members.add(`${model} ${id}`));
    },
    async consume(id) {
      const entry = entries.get(id);
      if (entry) entry.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(id);
    },
    async revokeByGrantId(grantId) {
      for (const member of all.get(grantId) ?? []) {
        const [kind = '', id = ''] = member.split(' ');
        MODELS.get(kind)?.delete(id);
      }
      all.delete(grantId);
    },
  };
}
