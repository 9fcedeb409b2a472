import type { Client } from 'oidc-provider';

/** Returns whether a client is defined by a metadata document, which anyone can publish. */
export const isOfDocument = (client: Client): boolean =>
  (client as { clientIdMetadataDocument?: boolean }).clientIdMetadataDocument === true;

/**
 * Returns the displayed name of such a client: https authenticates its host, but nothing verifies the name in its
 * document.
 */
export const documentHost = (clientId: string): string => URL.parse(clientId)?.host ?? clientId;
