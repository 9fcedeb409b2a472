import type { Configuration } from 'oidc-provider';
import { recordId } from '../../storage/record.ts';

type Customizer = NonNullable<NonNullable<NonNullable<Configuration['formats']>['customizers']>['jwt']>;

/**
 * Adds the record of the grant to a JWT access token, which is not stored. When the token is exchanged (RFC 8693), this
 * server can thus check whether the grant is still live. The value is not secret and differs between clients.
 */
export const grantReference: Customizer = (_ctx, token, { payload }) => {
  const { grantId } = token as { grantId?: string };
  if (grantId !== undefined) payload.grant_id = recordId('Grant', grantId);
};
