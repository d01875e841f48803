import { existsSync, readFileSync } from 'node:fs';
import type { SystemPart } from './debian.ts';

/** Watches at the system's own door where processes connect to. */
export const strace: SystemPart = {
  name: 'strace',
  packages: ['strace'],
  size: '3 MB',
  isInstalled: () => Promise.resolve(process.platform !== 'linux' || existsSync('/usr/bin/strace')),
};

/** What runs a program and all that it starts under the watch; what it saw goes to a file. */
export const watchedBy = (file: string): readonly string[] => [
  'strace',
  '-f',
  '-qq',
  '-e',
  'trace=connect,sendto,sendmsg,sendmmsg',
  '-o',
  file,
];

/** Internet addresses that were called, each once. */
export function addressesIn(file: string): readonly string[] {
  const found = readFileSync(file, 'utf8').matchAll(/inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g);
  return [...new Set([...found].map(([, four, six]) => four ?? six!))];
}
