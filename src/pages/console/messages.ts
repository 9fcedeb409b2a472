import type { Middleware } from 'koa';
import { MESSAGE_STATES, type MessageQueue } from '../../domain/messages/queue.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';
import { shownMessage } from './shown-message.ts';

interface Deps {
  messageQueue: MessageQueue;
  timeZone: string;
}

const PATH = '/console/messages';
const ON_PAGE = 20;

/** `/console/messages`: mails and SMS with their delivery status, without their text. */
export const messagesPage = (area: ConsoleArea, { messageQueue, timeZone }: Deps): Middleware => {
  const written = momentWriter(timeZone);
  return consolePage(area, {
    name: 'console/messages',
    path: PATH,
    scope: 'admin:messages:read',
    outcomes: ['message_resent'],
    async load({ query }) {
      const state = MESSAGE_STATES.find((one) => one === query.state);
      const found = await messageQueue.list(state, { limit: ON_PAGE, after: query.after || undefined });
      const more = new URLSearchParams({ ...(state ? { state } : {}), after: found.next ?? '' });
      return {
        messages: found.data.map((message) => shownMessage(message, written)),
        state: state ?? null,
        next: found.next === null ? null : `?${more}`,
      };
    },
    forms: [
      {
        action: `${PATH}/resend`,
        scope: 'admin:messages:write',
        async submit({ message = '' }) {
          await messageQueue.resend(message);
          return withOutcome(PATH, 'message_resent');
        },
      },
    ],
  });
};
