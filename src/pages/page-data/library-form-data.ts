import type { ClientCard } from './form.ts';

/** A form of oidc-provider's, which names its token `xsrf`. */
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
  deviceInfo?: { userAgent?: string | undefined; ip?: string | undefined } | undefined;
}

/** A form that nobody fills in. */
export interface ForwardData {
  action: string;
  fields: [name: string, value: string][];
}

export interface LogoutData extends LibraryForm {
  client: ClientCard | undefined;
}
