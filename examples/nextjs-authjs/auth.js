import NextAuth from 'next-auth';

export const ISSUER = process.env.ISSUER ?? 'http://localhost:3000';
export const CLIENT_ID = process.env.CLIENT_ID ?? 'nextjs-authjs';

export const { handlers, auth, signIn, signOut } = NextAuth({
  providers: [
    {
      id: 'pratu', // part of the redirect URI: /api/auth/callback/pratu
      name: 'Pratu',
      type: 'oidc',
      issuer: ISSUER,
      clientId: CLIENT_ID,
      clientSecret: process.env.CLIENT_SECRET,
      checks: ['pkce', 'state', 'nonce'],
    },
  ],
});
