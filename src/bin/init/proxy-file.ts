import { IMPORT_PATHS } from '../../http/long-bodies.ts';
import { type Deployment, type NewFile, PUBLIC_MODE } from './deployment.ts';

const HTTPS_PORT = '443';

/**
 * Returns an nginx configuration of one host, for the `http` block. `docs/production.md` shows one for two processes.
 */
export function nginxText({
  issuer,
  ports,
  certificate,
  certificateKey,
}: Pick<Deployment, 'issuer' | 'certificate' | 'certificateKey'> & { ports: readonly number[] }): string {
  const servers = ports.map((port) => `  server 127.0.0.1:${port};\n`).join('');
  // when the issuer has an explicit port, the public host includes that port
  const host = issuer.port ? '$http_host' : '$host';
  return `upstream pratu {
${servers}  keepalive 32;
}
server {
  listen ${issuer.port || HTTPS_PORT} ssl;
  server_name ${issuer.hostname};
  ssl_certificate     ${certificate};
  ssl_certificate_key ${certificateKey};
  # BCP 195
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;

  # the server itself rejects bodies above 64 KiB, and images above 3 MiB
  client_max_body_size 4m;
  # a request line may have a \`state\` of 8 KiB, which is repeated in a response header: the defaults are
  # smaller and return 414 and 502
  large_client_header_buffers 4 16k;
  proxy_buffer_size 16k;
  proxy_buffers 8 16k;
  # without it, nginx drops header names with underscores, which the Partners API uses
  underscores_in_headers on;

  # a location that sets a header of its own inherits none of these
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  # any other host gets 421
  proxy_set_header Host ${host};
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  # a stranger must not be able to show a certificate by a header: docs/mtls.md
  proxy_set_header X-SSL-Client-Cert "";
  proxy_set_header X-SSL-Client-Verify "";
  # the server itself returns 503 a few seconds after a dependency stops responding
  proxy_read_timeout 30s;

  location / { proxy_pass http://pratu; }
  # a file of the console may have any length. An import over HTTP may not: the server responds while it reads,
  # and nginx stops sending a body when the response begins (docs/import.md)
  location = ${IMPORT_PATHS.console} {
    proxy_pass http://pratu;
    client_max_body_size 0;
    proxy_request_buffering off;
  }
  location = /metrics { return 404; }
}
`;
}

/** Caddy obtains the certificate itself, and replaces `X-Forwarded-For` of untrusted clients. */
const caddyText = ({ issuer, port }: Deployment): string => `${issuer.host} {
	# the server itself rejects bodies above 64 KiB, and images above 3 MiB; a file of the console may have any
	# length: docs/import.md
	@limited not path ${IMPORT_PATHS.console}
	request_body @limited {
		max_size 4MB
	}
	respond /metrics 404
	reverse_proxy 127.0.0.1:${port} {
		# a stranger must not be able to show a certificate by a header: docs/mtls.md
		header_up -X-SSL-Client-Cert
		header_up -X-SSL-Client-Verify
	}
}
`;

/** Returns the file of the chosen proxy, or no file for `none`. */
export function proxyFile(deployment: Deployment): NewFile[] {
  const { proxy, port } = deployment;
  if (proxy === 'nginx')
    return [{ name: 'nginx.conf', text: nginxText({ ...deployment, ports: [port] }), mode: PUBLIC_MODE }];
  if (proxy === 'caddy') return [{ name: 'Caddyfile', text: caddyText(deployment), mode: PUBLIC_MODE }];
  return [];
}
