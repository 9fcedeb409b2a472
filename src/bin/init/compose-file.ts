import { type Deployment, type NewFile, PUBLIC_MODE } from './deployment.ts';

const POSTGRES = `
  postgres:
    image: postgres:17.6
    restart: unless-stopped
    environment:
      POSTGRES_USER: pratu
      POSTGRES_DB: pratu
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?}
    volumes: ['postgres:/var/lib/postgresql/data']
    healthcheck:
      test: [CMD-SHELL, pg_isready -U pratu]
      interval: 2s
      retries: 30

volumes:
  postgres:
`;

/** Defines the server, its migration and, unless a database URL is given, PostgreSQL. */
export function composeFile({ image, port, databaseUrl, proxy }: Deployment): NewFile {
  const own = databaseUrl === undefined;
  const published = proxy === 'none' ? `${port}:${port}` : `127.0.0.1:${port}:${port}`;
  const text = `# Pratu in production. Settings are in .env. Start it with: docker compose up --detach

x-pratu: &pratu
  image: ${image}
  env_file: .env
  read_only: true
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']

services:
  server:
    <<: *pratu
    ports: ['${published}']
    restart: unless-stopped
    # longer than \`server.drainMs\`
    stop_grace_period: 20s
    depends_on:
      migrate: { condition: service_completed_successfully }

  migrate:
    <<: *pratu
    command: [node, src/bin/pratu.ts, migrate]
    restart: on-failure
${own ? `    depends_on:\n      postgres: { condition: service_healthy }\n${POSTGRES}` : ''}`;
  return { name: 'compose.yaml', text, mode: PUBLIC_MODE };
}
