import type { Client } from 'oidc-provider';

/** Whether a client is one of a document that anyone can have published. */
export const isOfDocument = (client: Client): boolean =>
  (client as { clientIdMetadataDocument?: boolean }).clientIdMetadataDocument === true;

/** The name of such a client for people: the host proves itself by https, and what it calls itself proves nothing. */
export const documentHost = (clientId: string): string => URL.parse(clientId)?.host ?? clientId;
