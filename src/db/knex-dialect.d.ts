declare module 'knex/lib/dialects/postgres/index.js' {
  export default class PostgresDialect {
    _driver(): unknown;
    _query(connection: unknown, query: unknown): Promise<unknown>;
    acquireConnection(): Promise<unknown>;
    releaseConnection(connection: unknown): Promise<void>;
  }
}
