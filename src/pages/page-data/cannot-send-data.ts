import type { ClientCard } from './form.ts';
import type { CodePurpose } from './steps-data.ts';

/** Says why there is no form that has a message sent: no channel could deliver it. */
export interface CannotSendData {
  purpose: CodePurpose;
  client: ClientCard | undefined;
  /** In a sign-in. */
  cancelAction: string | undefined;
  signInAddress: string | undefined;
  csrf: string;
}
