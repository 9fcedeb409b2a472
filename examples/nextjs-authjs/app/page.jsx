import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { auth, CLIENT_ID, ISSUER, signIn, signOut } from '../auth';

async function startSignIn() {
  'use server';
  await signIn('pratu');
}

async function endSession() {
  'use server';
  const { origin } = new URL((await headers()).get('origin'));
  await signOut({ redirect: false });
  // Signs out at Pratu as well; without this, the next sign-in asks for no password.
  const query = new URLSearchParams({ client_id: CLIENT_ID, post_logout_redirect_uri: `${origin}/` });
  redirect(`${ISSUER}/oauth/logout?${query}`);
}

export default async function Home() {
  const session = await auth();
  return session ? (
    <form action={endSession}>
      <h1>{session.user.name}</h1>
      <p>{session.user.email}</p>
      <button type="submit">Sign out</button>
    </form>
  ) : (
    <form action={startSignIn}>
      <h1>Welcome</h1>
      <button type="submit">Sign in</button>
    </form>
  );
}
