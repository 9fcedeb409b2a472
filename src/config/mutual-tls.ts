import * as z from 'zod';
import { networkMatcher } from '../lib/addresses.ts';

const isNetwork = (text: string): boolean => {
  try {
    networkMatcher([text]);
    return true;
  } catch {
    return false;
  }
};

/** Client certificates (RFC 8705), which a proxy that ends TLS passes on in a header. */
export const mutualTlsSchema = z.strictObject({
  header: z.enum(['off', 'nginx', 'envoy']),
  /** The proxies whose header counts. */
  proxies: z.array(z.string().refine(isNetwork, 'must be a network, such as 10.0.0.0/8 or 127.0.0.1/32')),
  /** Envoy's header does not say whether a certificate was verified. */
  envoyVerifies: z.boolean(),
  /** Where requests with certificates go, if not to the issuer. */
  host: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d{1,5})?$/)
    .optional(),
});

interface Settings {
  mutualTls: z.infer<typeof mutualTlsSchema>;
  server: { issuer: string; trustProxy: number };
}

/** Settings that are each fine but wrong together. */
export function mutualTlsProblems({ mutualTls, server }: Settings): string[] {
  if (mutualTls?.header === undefined || mutualTls.header === 'off') {
    return mutualTls?.host === undefined ? [] : ['mutualTls.host: needs mutualTls.header'];
  }
  const problems: string[] = [];
  if (!(mutualTls.proxies?.length > 0))
    problems.push('mutualTls.proxies: name the proxies whose certificate header is trusted');
  if (server.trustProxy === 0) problems.push('TRUST_PROXY: client certificates need a trusted proxy');
  if (mutualTls.envoyVerifies && mutualTls.header !== 'envoy')
    problems.push('mutualTls.envoyVerifies: is for the header of Envoy; nginx says itself what it verified');
  return problems;
}

/** Whether clients may use certificates here. */
export const hasMutualTls = ({ mutualTls }: Pick<Settings, 'mutualTls'>): boolean =>
  mutualTls.header !== 'off';

/** Where clients with certificates find the endpoints; undefined where that is the issuer. */
export function mutualTlsOrigin({ server, mutualTls: { host } }: Settings): string | undefined {
  return host === undefined ? undefined : `${new URL(server.issuer).protocol}//${host}`;
}
