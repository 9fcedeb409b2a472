import type { Access } from './target.ts';

/** A detail that matches the type below (RFC 9396 §2). */
const DETAIL = { type: 'payment', creditor: 'Doi Chaang' };
const ROLE = 'editor';

/** The settings that enable optional features, for a server that is started for the checks. */
export const FEATURES = {
  roles: [ROLE],
  ciba: { enabled: true, personPerHour: 10_000, clientPerMinute: 10_000 },
  introspection: { signedResponses: true },
  clientDocuments: { enabled: true, hosts: ['localhost'], fetchesPerHour: 10_000 },
  authorizationDetails: [
    {
      type: DETAIL.type,
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['creditor'],
        properties: { creditor: { type: 'string', maxLength: 50 } },
      },
      consent: { th: 'จ่ายให้ {creditor}', en: 'Pay {creditor}' },
    },
  ],
};

/** Client certificates, which a proxy on the loopback interface passes on. `host` is the one that requests them. */
export const mutualTls = (host: string) => ({ header: 'nginx' as const, proxies: ['127.0.0.1/32'], host });

/** The values of these settings that the checks need. */
export const KNOWN_OF_FEATURES: Pick<Access, 'role' | 'detail' | 'trustsAuthority'> = {
  role: ROLE,
  detail: DETAIL,
  trustsAuthority: true,
};
