import { isIP } from 'node:net';
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

/** Whether a URL with this host, with or without a port, is valid. */
const isHost = (text: string): boolean => !/[\s/?#@\\]/.test(text) && URL.canParse(`http://${text}`);

/** Whether a text is a host name or an IP address in the spelling of `URL`, except for its case. */
function isHostName(text: string): boolean {
  if (!/^[a-z0-9._:-]+$/i.test(text)) return false;
  const host = isIP(text) === 6 ? `[${text}]` : text;
  return URL.parse(`http://${host}`)?.hostname === host.toLowerCase();
}

/** Accepts a network in CIDR notation. */
export const network = z.string().refine(isNetwork, 'must be a network, such as 10.0.0.0/8 or 127.0.0.1/32');

/** Accepts a host name, an IP address or a network. */
export const hostNameOrNetwork = z
  .string()
  .refine(
    (text) => (text.includes('/') ? isNetwork(text) : isHostName(text)),
    'must be a host name, such as sms.lan, or a network, such as 10.0.0.0/8',
  );

/** Accepts a host with an optional port. */
export const host = z.string().refine(isHost, 'must be a host, such as id.example.com or localhost:8443');
