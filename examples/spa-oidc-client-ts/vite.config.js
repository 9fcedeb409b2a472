import { defineConfig } from 'vite';

const { ISSUER = 'http://localhost:3000', CLIENT_ID = 'spa-oidc-client-ts', PORT = '8080' } = process.env;

export default defineConfig({
  // They become part of the page, where everybody can read them: a single-page app has no secret.
  define: { ISSUER: JSON.stringify(ISSUER), CLIENT_ID: JSON.stringify(CLIENT_ID) },
  preview: { port: Number(PORT), strictPort: true },
});
