export const PROXIES = ['nginx', 'caddy', 'none'] as const;
export type ProxyKind = (typeof PROXIES)[number];

/** The input for the files of a new deployment. */
export interface Deployment {
  /** The public https address, without a slash at the end. */
  issuer: URL;
  /** The port on which the server listens, behind the proxy. */
  port: number;
  /** Undefined for the PostgreSQL of the compose file. */
  databaseUrl: string | undefined;
  smtpUrl: string | undefined;
  smsUrl: string | undefined;
  mailFrom: string;
  proxy: ProxyKind;
  /** The file names of the proxy's certificate and its key. */
  certificate: string;
  certificateKey: string;
  /** The container image. */
  image: string;
}

/** A file of the deployment. */
export interface NewFile {
  name: string;
  text: string;
  /** The file's permissions. */
  mode: number;
}

/** Readable by its owner only. */
export const SECRET_MODE = 0o600;
export const PUBLIC_MODE = 0o644;
