import type { ClientCard } from './form.ts';
import type { CodePurpose } from './steps-data.ts';

/** Explains that the form is unavailable because no channel can deliver the message. */
export interface CannotSendData {
  purpose: CodePurpose;
  client: ClientCard | undefined;
  /** Only in a sign-in. */
  cancelAction: string | undefined;
  signInAddress: string | undefined;
  csrf: string;
}
