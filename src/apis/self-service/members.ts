import type { RequestParts } from '../api.ts';

/** The members of a JSON body whose contract allows strings and null only. */
export const membersOf = ({ body }: RequestParts): Record<string, string | null | undefined> =>
  body as Record<string, string | null | undefined>;
