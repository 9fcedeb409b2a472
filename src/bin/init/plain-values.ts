import { InvalidArgumentError } from 'commander';

/** A host name or an IPv6 address, as in a URL. Other characters have a meaning in configuration files of proxies. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;
const PATH = /^[\w./@%+=:,-]+$/;
const IMAGE = /^\w(?:[\w./:@-]*\w)?$/;

export const isPlainHost = (hostname: string): boolean => HOST.test(hostname);

/** Returns a file name that needs no quotes in an nginx configuration. Throws for any other. */
export function plainPath(text: string): string {
  if (!PATH.test(text))
    throw new InvalidArgumentError('It must be a path without spaces, quotes or semicolons.');
  return text;
}

/** Returns the name of a container image, with its tag or digest. Throws when it is not valid. */
export function imageName(text: string): string {
  if (!IMAGE.test(text))
    throw new InvalidArgumentError('It must be an image, such as example.com/pratu:1.2.3.');
  return text;
}
