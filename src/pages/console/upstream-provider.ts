import type { Middleware } from 'koa';
import type { ConnectionTest } from '../../domain/upstream/connection-test.ts';
import type { OperatedProvider, OperatedProviders } from '../../domain/upstream/operated-providers.ts';
import { AppError } from '../../errors/app-error.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import { type ConsoleArea, consolePage, type Visit, withOutcome } from './console-page.ts';
import { shownChecks, shownUpstream, UPSTREAM_PATH } from './upstream.ts';
import { FIELDS_OF, hasSecret, inForm, patchIn, storedFields, typedUpstream } from './upstream-fields.ts';

interface Deps {
  operatedProviders: Pick<OperatedProviders, 'find' | 'change' | 'remove' | 'preview'>;
  connectionTest: ConnectionTest;
}

const WRITE = 'admin:upstream:write';

/**
 * `/console/upstream/:id`: one provider. A test uses the form, with the stored secret by default, and stores nothing.
 * A change is saved only if the provider has not been changed in the meantime.
 */
export function upstreamProviderPage(
  area: ConsoleArea,
  { operatedProviders, connectionTest }: Deps,
): Middleware {
  const found = ({ params }: Visit): Promise<OperatedProvider> => operatedProviders.find(params.id ?? '');

  async function tested({ settings, source }: OperatedProvider, sent: Sent) {
    const patch = source === 'file' ? {} : patchIn(settings.kind, sent);
    const preview = () => operatedProviders.preview(settings.id, patch);
    return shownChecks(await inForm(async () => connectionTest(await preview())));
  }

  return consolePage(area, {
    name: 'console/upstream-provider',
    path: `${UPSTREAM_PATH}/:id`,
    scope: 'admin:upstream:read',
    outcomes: ['upstream_created', 'upstream_changed'],
    async load(visit, sent, isRefused) {
      const provider = await found(visit);
      const isForm = sent?.clientId !== undefined;
      return {
        ...shownUpstream(provider),
        formFields: FIELDS_OF[provider.settings.kind],
        typed: isForm ? typedUpstream(sent) : storedFields(provider),
        checks: sent && !isRefused ? await tested(provider, sent) : undefined,
        secretTyped: hasSecret(sent),
        version: sent?.version ?? provider.version,
      };
    },
    forms: [
      { action: `${UPSTREAM_PATH}/:id/test`, scope: WRITE },
      {
        action: `${UPSTREAM_PATH}/:id`,
        scope: WRITE,
        async submit(sent, visit) {
          const { settings } = await found(visit);
          const check = (version: string): void => {
            if (version !== sent.version) throw new AppError('PRECONDITION_FAILED');
          };
          await inForm(() => operatedProviders.change(settings.id, patchIn(settings.kind, sent), check));
          return withOutcome(`${UPSTREAM_PATH}/${settings.id}`, 'upstream_changed');
        },
      },
      {
        action: `${UPSTREAM_PATH}/:id/remove`,
        scope: WRITE,
        destructive: true,
        async submit({ confirmation = '' }, visit) {
          const { settings } = await found(visit);
          if (confirmation.trim() !== settings.id)
            throw new FormRefused([{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }]);
          await operatedProviders.remove(settings.id);
          return withOutcome(UPSTREAM_PATH, 'upstream_removed');
        },
      },
    ],
  });
}
