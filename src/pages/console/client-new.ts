import type { Middleware } from 'koa';
import type { ClientRegistration } from '../../domain/clients/client-registration.ts';
import { fieldsOf, metadataIn, typedFields } from './client-fields.ts';
import { secretsForm } from './client-secrets.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  registration: Pick<ClientRegistration, 'create'>;
}

const SCOPE = 'admin:clients:write';

/** `/console/new-client`: registers a client. Its secrets are shown once, in the response. */
export const newClientPage = (area: ConsoleArea, { registration }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/clients-new',
    path: '/console/new-client',
    scope: SCOPE,
    async load(_visit, sent) {
      return {
        typed: sent
          ? typedFields(sent)
          : fieldsOf({ grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile email' }),
      };
    },
    forms: [
      secretsForm(area, {
        scope: SCOPE,
        async submit(sent) {
          const { metadata, secrets } = await registration.create(metadataIn(sent));
          return { id: metadata.client_id, outcome: 'client_created', secrets };
        },
      }),
    ],
  });
