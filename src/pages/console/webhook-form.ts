import { WEBHOOK_TYPES } from '../../domain/webhook-events/webhook-type.ts';
import type { Webhook } from '../../domain/webhooks/webhook.ts';
import { AppError } from '../../errors/app-error.ts';
import { Violations } from '../../errors/violations.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import type { WebhookFields } from '../page-data/console-webhooks-data.ts';
import type { WebhookField } from '../page-data/form.ts';
import { type ConsoleArea, type ConsoleForm, frameOf, withOutcome } from './console-page.ts';

export const WEBHOOKS_PATH = '/console/webhooks';
export const webhookPath = (id: string): string => `${WEBHOOKS_PATH}/${encodeURIComponent(id)}`;

/** The name of the checkbox for a type. */
const checkbox = (type: string): string => `event.${type}`;

export const typedWebhook = (sent: Sent = {}): WebhookFields => ({
  webhookUrl: sent.webhookUrl ?? '',
  events: WEBHOOK_TYPES.filter((type) => sent[checkbox(type)] === 'true'),
  contacts: sent.contacts === 'true',
});

export const storedWebhook = ({ url, events, include }: Webhook): WebhookFields => ({
  webhookUrl: url,
  events,
  contacts: include.includes('contacts'),
});

/** The members of a webhook in a form. */
export function webhookIn(sent: Sent): Record<string, unknown> {
  const { webhookUrl, events, contacts } = typedWebhook(sent);
  return { url: webhookUrl.trim(), events, include: contacts ? ['contacts'] : [] };
}

const FIELDS: Readonly<Record<string, WebhookField>> = { url: 'webhookUrl', events: 'events' };
const TOLD: ReadonlySet<string> = new Set(['WEBHOOK_TAKEN', 'TOO_MANY_WEBHOOKS', 'WEBHOOK_DISABLED']);

const fieldOf = (named = ''): { field?: WebhookField } => {
  const field = FIELDS[named];
  return field === undefined ? {} : { field };
};

/** Runs a form's action. Errors of the domain are shown with the fields. Throws `FormRefused`. */
export async function inWebhookForm<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Violations)
      throw new FormRefused(error.list.map(({ field, code }) => ({ code, ...fieldOf(field) })));
    if (error instanceof AppError && TOLD.has(error.code))
      throw new FormRefused([{ code: error.code, ...fieldOf(error.field) }]);
    throw error;
  }
}

interface NewSecret {
  id: string;
  secret: string;
}

/** A form whose response shows a new secret, once. */
export const secretForm = (
  area: ConsoleArea,
  {
    submit,
    status,
    ...form
  }: Omit<ConsoleForm, 'submit' | 'answer'> & {
    status: number;
    submit(...given: Parameters<NonNullable<ConsoleForm['submit']>>): Promise<NewSecret>;
  },
): ConsoleForm => ({
  ...form,
  submit: async (sent, visit) => JSON.stringify(await submit(sent, visit)),
  answer(text, { ctx, operator }) {
    const { id, secret } = JSON.parse(text) as NewSecret;
    const data = { ...frameOf(area, ctx, operator), id, secret };
    area.show(ctx, 'console/webhooks-secret', data, { status, address: webhookPath(id) });
  },
});

/** The address of a webhook's page with an outcome. */
export const toWebhook = (id: string, outcome: string): string => withOutcome(webhookPath(id), outcome);
