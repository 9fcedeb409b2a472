declare module 'knex/lib/dialects/postgres/index.js' {
  export default class PostgresDialect {
    _driver(): unknown;
    _query(connection: unknown, query: unknown): Promise<unknown>;
    acquireConnection(): Promise<unknown>;
    transaction(...given: unknown[]): unknown;
    releaseConnection(connection: unknown): Promise<void>;
  }
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  export default class PostgresTransaction {
    constructor(client: unknown, ...given: unknown[]);
    client: unknown;
    begin(connection: unknown): Promise<unknown>;
    query(connection: unknown, sql: string): Promise<unknown>;
  }
}
