import { Socket } from 'node:net';

/**
 * A socket for the driver that connects to one address of its host, once that address is set. The host keeps its name,
 * which TLS verifies.
 */
export class AddressSocket extends Socket {
  target: string | undefined;

  constructor(address?: string) {
    super();
    this.target = address;
  }

  /** Called by the driver with a port and a host, or with the path of a Unix socket. */
  override connect(...to: unknown[]): this {
    const [port, host] = to;
    if (typeof port !== 'number') return super.connect(port as string);
    return super.connect({ port, host: this.target ?? (host as string) });
  }
}
