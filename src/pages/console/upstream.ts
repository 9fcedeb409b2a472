import type { Middleware } from 'koa';
import type { TestCheck } from '../../domain/upstream/connection-test.ts';
import type { OperatedProvider, OperatedProviders } from '../../domain/upstream/operated-providers.ts';
import { shownName } from '../../domain/upstream/providers.ts';
import type { ConsoleUpstreamData, ShownCheck } from '../page-data/console-upstream-data.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  operatedProviders: Pick<OperatedProviders, 'list'>;
}

export const UPSTREAM_PATH = '/console/upstream';
export const NEW_UPSTREAM_PATH = '/console/new-upstream';

/** A provider as the console shows it. */
export const shownUpstream = ({
  settings,
  source,
  redirectUri,
}: OperatedProvider): ConsoleUpstreamData['providers'][number] => ({
  ...{ id: settings.id, kind: settings.kind, redirectUri },
  isInFile: source === 'file',
  name: shownName(settings),
});

/** `/console/upstream`: the providers with which people sign in, in the order of their buttons. */
export const upstreamPage = (area: ConsoleArea, { operatedProviders }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/upstream',
    path: UPSTREAM_PATH,
    scope: 'admin:upstream:read',
    outcomes: ['upstream_removed'],
    load: async () => ({ providers: (await operatedProviders.list()).map(shownUpstream) }),
  });

/** The results of a test, as the console shows them. */
export const shownChecks = (checks: readonly TestCheck[]): ShownCheck[] =>
  checks.map(({ name, reason }) => ({ label: name, outcome: reason ?? 'ok' }));
