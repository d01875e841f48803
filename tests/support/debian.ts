import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program or library that tests need and the system's packages hold. */
export interface SystemPart {
  /** What is missing when it is not there, in the words of a message. */
  readonly name: string;
  readonly packages: readonly string[];
  readonly size: string;
  isInstalled(): Promise<boolean>;
}

/** Installs what is missing where the system is Debian and we may, and says so; says loudly where it cannot. */
export async function installPart(part: SystemPart, say: (line: string) => void): Promise<void> {
  if (await part.isInstalled()) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`installing with apt-get: ${part.packages.join(' ')} (about ${part.size})`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...part.packages], { env: environment });
  }
  if (await part.isInstalled()) return;
  say(
    `${part.name} IS NOT INSTALLED: tests that need it will fail. Install ${part.packages.join(' ')} (Debian has it).`,
  );
}
