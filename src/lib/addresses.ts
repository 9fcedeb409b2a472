import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Global unicast, RFC 4291 §2.4: all that IPv6 routes publicly lies in here. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
const IPV4_NETWORK_BITS = 24;
const IPV6_NETWORK_BITS = 64;

/** An IPv4 address inside an IPv6 one (`::ffff:192.0.2.1`) comes out as IPv4; a zone (`%eth0`) is dropped. */
function parse(text: string): Address | undefined {
  const [address = ''] = text.trim().split('%');
  // The parser alone also takes octal, hexadecimal and shortened forms, which no legitimate client sends.
  return isIP(address) ? ipaddr.process(address) : undefined;
}

/** The one spelling of an IP address (RFC 5952 for IPv6), or `undefined` when the text is none. */
export const normaliseAddress = (text: string): string | undefined => parse(text)?.toString();

function network(address: Address, bits: number): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const prefixBits = Math.max(0, Math.min(8, bits - index * 8));
    return byte & (0xff << (8 - prefixBits));
  });
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}

/** The network of an address: `198.51.100.0/24`, `2001:db8::/64`; `unknown` when the text is no address. */
export function networkOf(text: string): string {
  const address = parse(text);
  if (!address) return 'unknown';
  return network(address, address.kind() === 'ipv4' ? IPV4_NETWORK_BITS : IPV6_NETWORK_BITS);
}

/**
 * What a limit counts by: an IPv4 address itself, the /64 of an IPv6 one (a subscriber has all of it);
 * `unknown` when the text is no address.
 */
export function addressKey(text: string): string {
  const address = parse(text);
  if (!address) return 'unknown';
  return address.kind() === 'ipv4' ? address.toString() : network(address, IPV6_NETWORK_BITS);
}

/**
 * True for an address of the public internet: none of the special-use ranges of RFC 6890 and its
 * registries, and none of the IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 6 && ipaddr.IPv6.parse(text).isIPv4MappedAddress()) return false;
  const address = parse(text);
  if (address?.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_IPV6);
}

/** A test for membership in networks such as `10.0.0.0/8` or `fd00::/8`; throws on text that is no network. */
export function networkMatcher(networks: readonly string[]): (address: string) => boolean {
  const parsed = networks.map((text) => ipaddr.parseCIDR(text));
  return (text) => {
    const address = parse(text);
    return (
      address !== undefined &&
      parsed.some((range) => address.kind() === range[0].kind() && address.match(range))
    );
  };
}
