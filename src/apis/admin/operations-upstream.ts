import type { ConnectionTest } from '../../domain/upstream/connection-test.ts';
import type { OperatedProvider, OperatedProviders } from '../../domain/upstream/operated-providers.ts';
import { pageOfAll } from '../../domain/values/cursor.ts';
import type { RequestParts } from '../api.ts';
import { type Described, noContent, ok, pageIn, precondition } from './operation.ts';

export interface UpstreamDeps {
  operatedProviders: OperatedProviders;
  connectionTest: ConnectionTest;
}

/** The members of a provider by their names in this API. */
const MEMBERS: Readonly<Record<string, string>> = {
  client_id: 'clientId',
  client_secret: 'clientSecret',
  team_id: 'teamId',
  key_id: 'keyId',
  private_key: 'privateKey',
  trust_email: 'trustEmail',
};

const given = ({ body }: RequestParts): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).map(([name, value]) => [
      Object.hasOwn(MEMBERS, name) ? (MEMBERS[name] ?? name) : name,
      value,
    ]),
  );

const idIn = ({ params }: RequestParts): string => params.id ?? '';

const body = ({ settings, source, position, redirectUri, updatedAt }: OperatedProvider) => ({
  id: settings.id,
  kind: settings.kind,
  source,
  position,
  client_id: settings.clientId,
  ...(settings.teamId === undefined ? {} : { team_id: settings.teamId }),
  ...(settings.keyId === undefined ? {} : { key_id: settings.keyId }),
  ...(settings.issuer === undefined ? {} : { issuer: settings.issuer }),
  ...(settings.name === undefined ? {} : { name: settings.name }),
  ...(settings.trustEmail === undefined ? {} : { trust_email: settings.trustEmail }),
  redirect_uri: redirectUri,
  updated_at: updatedAt,
});

/** Returns a key that sorts like the list: providers of the settings first, each group in the order of the buttons. */
const keyOf = ({ source, position, settings }: OperatedProvider): string =>
  [source, String(position).padStart(4, '0'), settings.id].join(' ');

export const upstreamOperations = ({ operatedProviders, connectionTest }: UpstreamDeps): Described[] => [
  {
    id: 'listUpstream',
    method: 'get',
    path: '/admin/v1/upstream',
    async run({ query }) {
      const { data, next } = pageOfAll('upstream', await operatedProviders.list(), pageIn(query), keyOf);
      return ok({ data: data.map(body), next });
    },
  },
  {
    id: 'addUpstream',
    method: 'post',
    path: '/admin/v1/upstream',
    hasBody: true,
    async run(parts) {
      const added = await operatedProviders.add(given(parts));
      const location = `/admin/v1/upstream/${added.settings.id}`;
      return { status: 201, body: body(added), etag: added.version, location };
    },
  },
  {
    id: 'showUpstream',
    method: 'get',
    path: '/admin/v1/upstream/:id',
    async run(parts) {
      const found = await operatedProviders.find(idIn(parts));
      return ok(body(found), found.version);
    },
  },
  {
    id: 'changeUpstream',
    method: 'patch',
    path: '/admin/v1/upstream/:id',
    hasBody: true,
    async run(parts, ctx) {
      const changed = await operatedProviders.change(idIn(parts), given(parts), precondition(ctx));
      return ok(body(changed), changed.version);
    },
  },
  {
    id: 'removeUpstream',
    method: 'delete',
    path: '/admin/v1/upstream/:id',
    async run(parts, ctx) {
      await operatedProviders.remove(idIn(parts), precondition(ctx));
      return noContent;
    },
  },
  {
    id: 'testUpstream',
    method: 'post',
    path: '/admin/v1/upstream/:id/test',
    hasBody: true,
    async run(parts) {
      const settings = await operatedProviders.preview(idIn(parts), given(parts));
      const checks = await connectionTest(settings);
      return ok({ ok: checks.every((check) => check.ok), checks });
    },
  },
];
