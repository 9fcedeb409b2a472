import { InvalidArgumentError } from 'commander';

/** The name of a host, or an address of IPv6, as a URL has it. Other characters have a meaning in files of proxies. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;
const PATH = /^[\w./@%+=:,-]+$/;
const IMAGE = /^\w(?:[\w./:@-]*\w)?$/;

export const isPlainHost = (hostname: string): boolean => HOST.test(hostname);

/** The name of a file that needs no quotes in a configuration of nginx. */
export function plainPath(text: string): string {
  if (!PATH.test(text))
    throw new InvalidArgumentError('It must be a path without spaces, quotes or semicolons.');
  return text;
}

/** The name of a container image, with its tag or digest. */
export function imageName(text: string): string {
  if (!IMAGE.test(text))
    throw new InvalidArgumentError('It must be an image, such as example.com/pratu:1.2.3.');
  return text;
}
