import type { MessageQueue, MessageState } from '../../domain/messages/queue.ts';
import { type Described, ok, pageIn, textIn } from './operation.ts';
import { messageBody } from './wire.ts';

export interface MessagesDeps {
  messageQueue: MessageQueue;
}

export const messageOperations = ({ messageQueue }: MessagesDeps): Described[] => [
  {
    id: 'listMessages',
    method: 'get',
    path: '/admin/v1/messages',
    async run(parts) {
      const state = textIn(parts, 'state') as MessageState | undefined;
      const { data, next } = await messageQueue.list(state, pageIn(parts.query));
      return ok({ data: data.map(messageBody), next });
    },
  },
  {
    id: 'resendMessage',
    method: 'post',
    path: '/admin/v1/messages/:id/resend',
    run: async ({ params }) => ok(messageBody(await messageQueue.resend(params.id ?? ''))),
  },
];
