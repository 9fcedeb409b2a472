import type { Configuration } from 'oidc-provider';
import { recordId } from '../../storage/record.ts';

type Customizer = NonNullable<NonNullable<NonNullable<Configuration['formats']>['customizers']>['jwt']>;

/**
 * A JWT access token is not stored. It names the record of its grant, so that this server can tell whether the grant
 * still lives when the token is to be exchanged (RFC 8693). The value is no secret and differs between clients.
 */
export const grantReference: Customizer = (_ctx, token, { payload }) => {
  const { grantId } = token as { grantId?: string };
  if (grantId !== undefined) payload.grant_id = recordId('Grant', grantId);
};
