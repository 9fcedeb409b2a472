import type { Middleware } from 'koa';
import type { ConnectionTest } from '../../domain/upstream/connection-test.ts';
import type { UpstreamKind } from '../../domain/upstream/connector.ts';
import type { OperatedProviders } from '../../domain/upstream/operated-providers.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Sent } from '../kit/form-errors.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';
import { NEW_UPSTREAM_PATH, shownChecks, UPSTREAM_PATH } from './upstream.ts';
import { FIELDS_OF, hasSecret, inForm, isKind, providerIn, typedUpstream } from './upstream-fields.ts';

interface Deps {
  operatedProviders: Pick<OperatedProviders, 'add' | 'previewNew'>;
  connectionTest: ConnectionTest;
}

const SCOPE = 'admin:upstream:write';

const kindIn = ({ kind }: Sent): UpstreamKind => {
  if (!isKind(kind)) throw new AppError('BAD_REQUEST', { field: 'kind' });
  return kind;
};

/** `/console/new-upstream`: adds a provider. Its kind is chosen first, because each kind has different fields. */
export const newUpstreamPage = (area: ConsoleArea, { operatedProviders, connectionTest }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/upstream-new',
    path: NEW_UPSTREAM_PATH,
    scope: SCOPE,
    async load({ query }, sent, isRefused) {
      const wanted = sent?.kind ?? query.kind;
      const kind = isKind(wanted) ? wanted : undefined;
      const test = async (given: Sent) =>
        shownChecks(
          await inForm(() => connectionTest(operatedProviders.previewNew(providerIn(kindIn(given), given)))),
        );
      return {
        kind,
        formFields: kind ? (['upstreamId', ...FIELDS_OF[kind]] as const) : [],
        typed: typedUpstream(sent),
        checks: sent && !isRefused ? await test(sent) : undefined,
        secretTyped: hasSecret(sent),
      };
    },
    forms: [
      { action: `${NEW_UPSTREAM_PATH}/test`, scope: SCOPE },
      {
        scope: SCOPE,
        async submit(sent) {
          const given = providerIn(kindIn(sent), sent);
          const { settings } = await inForm(() => operatedProviders.add(given));
          return withOutcome(`${UPSTREAM_PATH}/${settings.id}`, 'upstream_created');
        },
      },
    ],
  });
