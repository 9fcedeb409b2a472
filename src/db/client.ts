import pg from 'pg';
import { AddressSocket } from './address-socket.ts';
import type { Locator } from './locator.ts';

/** The configuration of a connection. */
export interface ConnectionConfig extends pg.ClientConfig {
  /** Finds the server if there are several; undefined if `connectionString` or `host` identifies it. */
  locator?: Locator | undefined;
  /** Startup parameters, by name, for which the driver has no option. */
  startup?: Readonly<Record<string, string>>;
}

/** The startup parameters that the driver sends; not in its types. */
interface WithStartup {
  getStartupConf(): Record<string, string>;
}

/**
 * The client of every connection: of both pools, of migrations and of commands. With a locator, it finds its server.
 */
export class Client extends pg.Client {
  readonly #locator: Locator | undefined;
  readonly #socket: AddressSocket | undefined;

  constructor(config: ConnectionConfig = {}) {
    const socket = config.locator && new AddressSocket();
    super(socket ? { ...config, stream: () => socket } : config);
    this.#locator = config.locator;
    this.#socket = socket;
    const { startup } = config;
    if (!startup) return;
    const driver = this as unknown as WithStartup;
    const usual = driver.getStartupConf.bind(this);
    driver.getStartupConf = () => ({ ...usual(), ...startup });
  }

  override connect(): Promise<Client>;
  override connect(callback: ((err: Error) => void) | ((err: null, c: pg.Client) => void)): void;
  override connect(callback?: unknown): Promise<Client> | undefined {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    const told = callback as (error: unknown, client?: Client) => void;
    // outside of the promise, which would handle an error that the callback throws as its own
    connected.then(
      (client) => setImmediate(told, null, client),
      (error: unknown) => setImmediate(told, error),
    );
    return undefined;
  }

  async #connect(): Promise<Client> {
    const [locator, socket] = [this.#locator, this.#socket];
    if (!locator || !socket) {
      await super.connect();
      return this;
    }
    const { host, port, address } = await locator.find();
    // destroyed by the pool after its timeout
    if (socket.destroyed) throw new Error('timeout expired');
    Object.assign(this, { host, port });
    socket.target = address;
    try {
      await super.connect();
    } catch (error) {
      locator.forget();
      throw error;
    }
    const signOff = locator.join(() =>
      socket.destroy(new Error('Connection terminated: another server is the primary')),
    );
    this.once('end', () => {
      signOff();
      locator.forget();
    });
    return this;
  }
}
