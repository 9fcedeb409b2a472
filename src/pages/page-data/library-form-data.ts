import type { ShownDevice } from './access-data.ts';
import type { ClientCard } from './form.ts';

/** A form of oidc-provider, which names its token `xsrf`. */
interface LibraryForm {
  action: string;
  xsrf: string;
}

export interface DeviceInputData extends LibraryForm {
  userCode: string;
  error?: 'no_code' | 'not_found' | 'expired' | 'used' | 'aborted' | 'other' | undefined;
}

export interface DeviceConfirmData extends LibraryForm {
  userCode: string;
  client: ClientCard;
  /** The device that requested the code. Details that mean nothing to people are omitted. */
  device?: Pick<ShownDevice, 'browser' | 'system'> | undefined;
  ip?: string | undefined;
}

/** A form that is submitted without user input. */
export interface ForwardData {
  action: string;
  fields: [name: string, value: string][];
}

export interface LogoutData extends LibraryForm {
  client: ClientCard | undefined;
}
