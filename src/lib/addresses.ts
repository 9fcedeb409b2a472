import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Global unicast, RFC 4291 §2.4: the range of all publicly routed IPv6 addresses. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
const IPV4_NETWORK_BITS = 24;
const IPV6_NETWORK_BITS = 64;

/** Parses an address. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) becomes IPv4; a zone (`%eth0`) is dropped. */
function parse(text: string): Address | undefined {
  const [address = ''] = text.trim().split('%');
  // the parser alone also accepts octal, hexadecimal and shortened forms, which no legitimate client sends
  return isIP(address) ? ipaddr.process(address) : undefined;
}

/** The canonical spelling of an IP address (RFC 5952 for IPv6); `undefined` if the text is not an address. */
export const normaliseAddress = (text: string): string | undefined => parse(text)?.toString();

function network(address: Address, bits: number): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const prefixBits = Math.max(0, Math.min(8, bits - index * 8));
    return byte & (0xff << (8 - prefixBits));
  });
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}

/** The network of an address: `198.51.100.0/24`, `2001:db8::/64`; `unknown` if the text is not an address. */
export function networkOf(text: string): string {
  const address = parse(text);
  if (!address) return 'unknown';
  return network(address, address.kind() === 'ipv4' ? IPV4_NETWORK_BITS : IPV6_NETWORK_BITS);
}

/**
 * The key by which limits count addresses: an IPv4 address, or the /64 of an IPv6 address, as a subscriber has all of
 * it. `unknown` if the text is not an address.
 */
export function addressKey(text: string): string {
  const address = parse(text);
  if (!address) return 'unknown';
  return address.kind() === 'ipv4' ? address.toString() : network(address, IPV6_NETWORK_BITS);
}

/**
 * Whether an address is on the public internet: outside the special-use ranges of RFC 6890 and its registries, and not
 * an IPv6 form that carries an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 6 && ipaddr.IPv6.parse(text).isIPv4MappedAddress()) return false;
  const address = parse(text);
  if (address?.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_IPV6);
}

/** Returns a test for membership in networks such as `10.0.0.0/8` or `fd00::/8`. Throws if a text is not a network. */
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
