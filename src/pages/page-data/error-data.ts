import type { ErrorCode } from '../../errors/catalogue.ts';

/** What an error page offers to do next. */
export interface NextStep {
  /** A path of ours, with its query. */
  address: string;
  label: 'account' | 'reload' | 'retry' | 'start_again' | 'go_on' | 'new_link';
}

export interface ErrorData {
  status: number;
  /** The catalogue's code, when there is one: it has words of its own. */
  code?: ErrorCode | undefined;
  /** In the reader's language, when the caller knows better than the words for `error` and `status`. */
  title?: string | undefined;
  /** The OAuth `error` word. */
  error: string;
  description: string;
  requestId: string;
  next: NextStep;
}
