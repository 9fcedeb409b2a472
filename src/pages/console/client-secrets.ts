import type { Secrets } from '../../domain/clients/client-registration.ts';
import { seeOther } from '../kit/submitted.ts';
import { CLIENTS_PATH } from './clients.ts';
import { type ConsoleArea, type ConsoleForm, frameOf, withOutcome } from './console-page.ts';

const clientPath = (id: string): string => `${CLIENTS_PATH}/${encodeURIComponent(id)}`;

/** The result of a form about a client. */
export interface ClientOutcome {
  id: string;
  outcome: 'client_created' | 'client_changed';
  /** The new secrets. */
  secrets: Secrets;
}

/** A form whose response shows new secrets, or redirects to the client if there are none. */
export function secretsForm(
  area: ConsoleArea,
  {
    submit,
    ...form
  }: Omit<ConsoleForm, 'submit' | 'answer'> & {
    submit(...given: Parameters<NonNullable<ConsoleForm['submit']>>): Promise<ClientOutcome>;
  },
): ConsoleForm {
  return {
    ...form,
    submit: async (sent, visit) => JSON.stringify(await submit(sent, visit)),
    answer(text, { ctx, operator }) {
      const { id, outcome, secrets } = JSON.parse(text) as ClientOutcome;
      const shown = Object.entries(secrets).map(([kind, value]) => ({ kind: kind as keyof Secrets, value }));
      if (shown.length === 0) return seeOther(ctx, withOutcome(clientPath(id), outcome));
      area.show(
        ctx,
        'console/clients-secrets',
        { ...frameOf(area, ctx, operator), id, secrets: shown },
        { status: outcome === 'client_created' ? 201 : 200, address: clientPath(id) },
      );
    },
  };
}
