import type { ErrorCode } from '../../errors/catalogue.ts';

/** The next step that an error page offers. */
export interface NextStep {
  /** A path of this server, with its query. */
  address: string;
  label: 'account' | 'reload' | 'retry' | 'start_again' | 'go_on' | 'new_link';
}

export interface ErrorData {
  status: number;
  /** The code in the catalogue, if there is one. It has texts of its own. */
  code?: ErrorCode | undefined;
  /** In the language of the reader, if the caller has a more specific title than those for `error` and `status`. */
  title?: string | undefined;
  /** The OAuth `error` code. */
  error: string;
  description: string;
  requestId: string;
  next: NextStep;
}
