import type { Middleware } from 'koa';
import {
  type ClientMetadata,
  changedMembers,
  type SecretKind,
  type StoredClient,
  versionOf,
} from '../../domain/clients/client.ts';
import type { ClientRegistration } from '../../domain/clients/client-registration.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { hasSecret } from '../../domain/clients/new-secrets.ts';
import { AppError } from '../../errors/app-error.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import { momentWriter } from '../page-data/moment.ts';
import { fieldsOf, patchTo, typedFields } from './client-fields.ts';
import { secretsForm } from './client-secrets.ts';
import { CLIENTS_PATH, kindsOf } from './clients.ts';
import { type ConsoleArea, consolePage, type Visit, withOutcome } from './console-page.ts';

interface Deps {
  clients: Pick<Clients, 'find' | 'remove' | 'rotateSecret' | 'effectsOfRemoval'>;
  registration: Pick<ClientRegistration, 'edit'>;
  timeZone: string;
}

const WRITE = 'admin:clients:write';
const KINDS: readonly SecretKind[] = ['secret', 'api_key', 'mobile_key'];
/** The times for which an old secret may remain valid, in seconds. */
const KEPT: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['day', DAY_SECONDS],
  ['week', 7 * DAY_SECONDS],
]);

/** Rejects a change to a registration that has changed since the form was shown. Throws `PRECONDITION_FAILED`. */
const seenIn =
  ({ version }: Sent) =>
  (before: ClientMetadata): void => {
    if (versionOf(before) !== version) throw new AppError('PRECONDITION_FAILED');
  };

/**
 * `/console/clients/:id`: a registration. A change is reviewed first: the page shows what it would end. The change is
 * saved only if the client has not been changed in the meantime.
 */
export function clientPage(area: ConsoleArea, { clients, registration, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);

  async function existing({ params }: Visit): Promise<StoredClient> {
    const client = await clients.find(params.id ?? '');
    if (!client) throw new AppError('CLIENT_NOT_FOUND');
    return client;
  }

  /** The changes that a form would make, without making them. */
  async function reviewed(id: string, before: ClientMetadata, sent: Sent) {
    const { metadata, effects } = await registration.edit({
      id,
      patch: patchTo(before, sent),
      check: seenIn(sent),
      dryRun: true,
    });
    return { effects, changes: changedMembers(before, metadata) };
  }

  return consolePage(area, {
    name: 'console/client',
    path: `${CLIENTS_PATH}/:id`,
    scope: 'admin:clients:read',
    outcomes: ['client_created', 'client_changed'],
    async load(visit, sent, isRefused) {
      const client = await existing(visit);
      const { metadata } = client;
      const id = metadata.client_id;
      // a refused form is shown with its errors, a reviewed one with its effects
      const review = sent && !isRefused ? await reviewed(id, metadata, sent) : undefined;
      return {
        id,
        clientName: metadata.client_name ?? id,
        kinds: kindsOf(client),
        createdAt: written(client.createdAt),
        typed: sent?.client_name === undefined ? fieldsOf(metadata) : typedFields(sent),
        version: sent?.version ?? versionOf(metadata),
        effects: review?.effects,
        changes: review?.changes ?? [],
        removal: await clients.effectsOfRemoval(id),
        rotatable: KINDS.filter((kind) => hasSecret(metadata, kind)),
      };
    },
    forms: [
      { action: `${CLIENTS_PATH}/:id/review`, scope: WRITE },
      secretsForm(area, {
        action: `${CLIENTS_PATH}/:id`,
        scope: WRITE,
        async submit(sent, visit) {
          const { metadata } = await existing(visit);
          const id = metadata.client_id;
          const { secrets } = await registration.edit({
            id,
            patch: patchTo(metadata, sent),
            dryRun: false,
            check: seenIn(sent),
          });
          return { id, outcome: 'client_changed', secrets };
        },
      }),
      secretsForm(area, {
        action: `${CLIENTS_PATH}/:id/rotate`,
        scope: WRITE,
        destructive: true,
        async submit({ kind: wanted, keep = 'none' }, visit) {
          const { metadata } = await existing(visit);
          const id = metadata.client_id;
          const kind = KINDS.find((one) => one === wanted && hasSecret(metadata, one));
          if (!kind) throw new AppError('BAD_REQUEST', { field: 'kind' });
          const secret = await clients.rotateSecret(id, KEPT.get(keep) ?? 0, { kind });
          return { id, outcome: 'client_changed', secrets: { [kind]: secret } };
        },
      }),
      {
        action: `${CLIENTS_PATH}/:id/remove`,
        scope: WRITE,
        destructive: true,
        async submit({ confirmation = '' }, visit) {
          const { metadata } = await existing(visit);
          if (confirmation.trim() !== metadata.client_id)
            throw new FormRefused([{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }]);
          await clients.remove(metadata.client_id);
          return withOutcome(CLIENTS_PATH, 'client_removed');
        },
      },
    ],
  });
}
