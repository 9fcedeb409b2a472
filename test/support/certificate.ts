import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** A self-signed certificate for `localhost`, valid until 2120. Its key is public: it is for tests only. */
export const LOCALHOST = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIxNNyUaEaRaYGTBz
thmzlXzAdoDXPlq/kWuJFazuRHOhRANCAATFPaTcOuyDhw8QuLQ4Z4v+/+gFIrPu
Ch5awYNlnnQEPDCJvtt7zanNg7ONzm8oZybhtACwJXf6CeYgKD1tC4UB
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBYDCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMU9pNw67IOHDxC4
tDhni/7/6AUis+4KHlrBg2WedAQ8MIm+23vNqc2Ds43ObyhnJuG0ALAld/oJ5iAo
PW0LhQGjSDBGMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0
MB0GA1UdDgQWBBSHdBUGiigVzumMDH/wTqYbgbT58DAKBggqhkjOPQQDAgNHADBE
AiAGzFzHagqUkun2VWBJKfXwyHjT4eO6NuRGRL2jlNghAgIgaQwrGEBvtf3HYZ/Z
CntkT9LDqePQ/jZyf/8M8jdqJRE=
-----END CERTIFICATE-----
`,
};

/**
 * Makes this process trust the certificate of `localhost`, which servers of other parties use. Returns a function
 * that undoes this.
 */
export function trustLocalhost(): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, LOCALHOST.cert]);
  return () => setDefaultCACertificates(before);
}
