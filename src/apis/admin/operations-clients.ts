import {
  type ClientMetadata,
  type SecretKind,
  type StoredClient,
  versionOf,
} from '../../domain/clients/client.ts';
import type { ClientRegistration } from '../../domain/clients/client-registration.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { hasSecret } from '../../domain/clients/new-secrets.ts';
import { pageOfAll } from '../../domain/values/cursor.ts';
import { AppError } from '../../errors/app-error.ts';
import type { RequestParts } from '../api.ts';
import { type Described, noContent, ok, pageIn, precondition, textIn } from './operation.ts';

type Secrets = Partial<Record<SecretKind, string>>;

export interface ClientsDeps {
  clients: Pick<Clients, 'find' | 'list' | 'remove' | 'rotateSecret' | 'effectsOfRemoval'>;
  registration: ClientRegistration;
}

const MEMBERS: Readonly<Record<SecretKind, string>> = {
  secret: 'client_secret',
  api_key: 'api_key',
  mobile_key: 'mobile_key',
};

const shown = (secrets: Secrets): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([kind, value]) => [MEMBERS[kind as SecretKind], value]));

const body = ({ metadata, dynamic, createdAt }: StoredClient) => ({
  ...metadata,
  dynamic,
  created_at: createdAt,
});

const isDryRun = (parts: RequestParts): boolean => textIn(parts, 'dry_run') === 'true';
const idIn = ({ params }: RequestParts): string => params.id ?? '';

export function clientOperations({ clients, registration }: ClientsDeps): Described[] {
  async function existing(id: string): Promise<StoredClient> {
    const client = await clients.find(id);
    if (!client) throw new AppError('CLIENT_NOT_FOUND');
    return client;
  }

  const rotate = (kind: SecretKind): Pick<Described, 'hasBody' | 'run'> => ({
    hasBody: true,
    async run(parts) {
      const id = idIn(parts);
      const { metadata } = await existing(id);
      if (!hasSecret(metadata, kind)) throw new AppError('NOT_FOUND');
      const { keep_seconds: keep = 0 } = parts.body as { keep_seconds?: number };
      return ok(shown({ [kind]: await clients.rotateSecret(id, keep, { kind }) }));
    },
  });

  return [
    {
      id: 'listClients',
      method: 'get',
      path: '/admin/v1/clients',
      async run({ query }) {
        const idOf = ({ metadata }: StoredClient): string => metadata.client_id;
        const { data, next } = pageOfAll('clients', await clients.list(), pageIn(query), idOf);
        return ok({ data: data.map(body), next });
      },
    },
    {
      id: 'createClient',
      method: 'post',
      path: '/admin/v1/clients',
      hasBody: true,
      async run(parts) {
        const { metadata, secrets } = await registration.create(parts.body as Partial<ClientMetadata>);
        const created = body(await existing(metadata.client_id));
        return { status: 201, body: { ...created, ...shown(secrets) }, etag: versionOf(metadata) };
      },
    },
    {
      id: 'showClient',
      method: 'get',
      path: '/admin/v1/clients/:id',
      async run(parts) {
        const client = await existing(idIn(parts));
        return ok(body(client), versionOf(client.metadata));
      },
    },
    {
      id: 'editClient',
      method: 'patch',
      path: '/admin/v1/clients/:id',
      hasBody: true,
      async run(parts, ctx) {
        const id = idIn(parts);
        const check = precondition(ctx);
        const { metadata, effects, secrets } = await registration.edit({
          id,
          patch: parts.body as Record<string, unknown>,
          dryRun: isDryRun(parts),
          check: (before) => check(versionOf(before)),
        });
        const { dynamic, createdAt } = await existing(id);
        return ok(
          { ...metadata, dynamic, created_at: createdAt, effects, ...shown(secrets) },
          versionOf(metadata),
        );
      },
    },
    {
      id: 'removeClient',
      method: 'delete',
      path: '/admin/v1/clients/:id',
      async run(parts) {
        const id = idIn(parts);
        if (isDryRun(parts)) return ok({ effects: await clients.effectsOfRemoval(id) });
        await clients.remove(id);
        return noContent;
      },
    },
    {
      id: 'rotateClientSecret',
      method: 'post',
      path: '/admin/v1/clients/:id/rotate-secret',
      ...rotate('secret'),
    },
    {
      id: 'rotateClientApiKey',
      method: 'post',
      path: '/admin/v1/clients/:id/rotate-api-key',
      ...rotate('api_key'),
    },
    {
      id: 'rotateClientMobileKey',
      method: 'post',
      path: '/admin/v1/clients/:id/rotate-mobile-key',
      ...rotate('mobile_key'),
    },
  ];
}
