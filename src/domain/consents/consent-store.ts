import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';

/** The access that a person allows a client beyond one session. */
export interface Consent {
  scopes: string[];
  claims: string[];
  /** Scopes by resource indicator (RFC 8707). */
  resources: Record<string, string[]>;
}

export async function readConsent(db: Db, accountId: number, clientId: string): Promise<Consent | undefined> {
  return db('consents')
    .where({ account_id: accountId, client_id: clientId })
    .first<Consent | undefined>('scopes', 'claims', 'resources');
}

/** A client to which an account has given consent. */
export interface AllowedClient extends Consent {
  clientId: string;
  /** Null if the client has no name. */
  clientName: string | null;
  grantedAt: Date;
  lastUsedAt: Date;
}

/** Most recently used first. */
export async function readAllowedClients(db: Db, accountId: number): Promise<AllowedClient[]> {
  return db('consents as s')
    .join('clients as c', 'c.id', 's.client_id')
    .where({ account_id: accountId })
    .orderBy([{ column: 's.last_used_at', order: 'desc' }, 's.client_id'])
    .select({
      clientId: 's.client_id',
      clientName: db.raw(`c.metadata->>'client_name'`),
      scopes: 's.scopes',
      claims: 's.claims',
      resources: 's.resources',
      grantedAt: 's.granted_at',
      lastUsedAt: 's.last_used_at',
    });
}

/** Returns false if there was none. */
export async function deleteConsent(db: Db, accountId: number, clientId: string): Promise<boolean> {
  return (await db('consents').where({ account_id: accountId, client_id: clientId }).delete()) > 0;
}

/** Adds to the row in one statement, so that simultaneous consents in two tabs both take effect. */
export const mergeConsent = (accountId: number, clientId: string, consent: Consent): Change => ({
  text: `insert into consents as c (account_id, client_id, scopes, claims, resources) values ($1, $2, $3, $4, $5)
     on conflict (account_id, client_id) do update set
       scopes = array(select distinct unnest(c.scopes || excluded.scopes) order by 1),
       claims = array(select distinct unnest(c.claims || excluded.claims) order by 1),
       resources = (
         select coalesce(jsonb_object_agg(resource, scopes), '{}') from (
           select resource, jsonb_agg(distinct scope) as scopes from (
             select e.key as resource, jsonb_array_elements(e.value) as scope
             from jsonb_each(c.resources) e
             union all
             select e.key, jsonb_array_elements(e.value) from jsonb_each(excluded.resources) e
           ) each_scope group by resource) each_resource),
       updated_at = pratu_now(), last_used_at = pratu_now()`,
  values: [accountId, clientId, consent.scopes, consent.claims, JSON.stringify(consent.resources)],
});

export const touchConsent = (accountId: number, clientId: string): Change => ({
  text: 'update consents set last_used_at = pratu_now() where account_id = $1 and client_id = $2',
  values: [accountId, clientId],
});
