import type { Secrets } from '../../domain/clients/client-registration.ts';
import { CLIENTS_PATH } from './clients.ts';
import { type ConsoleArea, frameOf, type Visit } from './console-page.ts';

export const clientPath = (id: string): string => `${CLIENTS_PATH}/${encodeURIComponent(id)}`;

/** Shows new secrets in the response to the form that made them, or goes to the client when there are none. */
export function showSecrets(
  area: ConsoleArea,
  { ctx, operator }: Visit,
  id: string,
  secrets: Secrets,
  status = 200,
): string | undefined {
  const shown = Object.entries(secrets).map(([kind, value]) => ({ kind: kind as keyof Secrets, value }));
  if (shown.length === 0)
    return `${clientPath(id)}?outcome=${status === 201 ? 'client_created' : 'client_changed'}`;
  area.show(
    ctx,
    'console/clients-secrets',
    { ...frameOf(area, ctx, operator), id, secrets: shown },
    { status, address: clientPath(id) },
  );
  return undefined;
}
