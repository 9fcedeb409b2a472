import type { Deployment } from './deployment.ts';
import type { FirstClient } from './questions.ts';

/** Quotes an argument for a shell when necessary. */
const argument = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Returns the command that registers the first client later, without the leading `pratu`. */
export const clientCommand = (client: FirstClient): string =>
  [
    `client create --for ${client.for}`,
    ...(client.url === undefined ? [] : [`--url ${argument(client.url)}`]),
    ...(client.redirectUri ?? []).map((uri) => `--redirect-uri ${argument(uri)}`),
    ...(client.resource ?? []).map((uri) => `--resource ${argument(uri)}`),
    ...(client.name === undefined ? [] : [`--name ${argument(client.name)}`]),
  ].join(' ');

const PROXY_STEPS = {
  nginx: (folder: string) =>
    `Include ${folder}/nginx.conf in the http block of nginx, with the certificate that it names.`,
  caddy: (folder: string) => `Start Caddy with ${folder}/Caddyfile.`,
  none: () => 'Let your proxy terminate TLS, and set TRUST_PROXY to the number of proxies.',
} as const;

/** Returns the operator's next steps as a numbered list. */
export function nextSteps(
  { databaseUrl, proxy, image }: Deployment,
  { folder, client }: { folder: string; client: string | undefined },
): string {
  const inside = 'docker compose run --rm server node src/bin/pratu.ts';
  const steps = [
    'Keep .env out of git, and back up its SECRET_KEY apart from the database.',
    PROXY_STEPS[proxy](folder),
    `In the folder of Pratu, unless a registry has the image: docker build --tag ${image} .`,
    `In ${folder}: docker compose up --detach`,
    ...(databaseUrl === undefined
      ? []
      : [
          `Or without containers, in the folder of Pratu: node --env-file=${argument(`${folder}/.env`)} src/main.js`,
        ]),
    ...(client === undefined ? [] : [`Register the first client: ${inside} ${client}`]),
    `Create the first operator, as docs/production.md describes: ${inside} account create`,
  ];
  return steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n');
}
