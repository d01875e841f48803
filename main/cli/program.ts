import { Command, CommanderError } from 'commander';
import { Problem } from '../../ml/check/problem.ts';
import { tellSupervisor } from '../jobs/supervisor.ts';
import { product } from '../product/product.ts';
import { fullName, type CommandNode, type Host } from './command.ts';
import { toFailure } from '../product/failure.ts';
import { exitCodes } from './failure.ts';
import { createInterruption } from './interruption.ts';
import { createReporter } from './reporter.ts';

/** Commander's own complaints in our form; its proposal of a similar word becomes what to do. */
function toUsageProblem(error: CommanderError, name: string): Problem {
  const help = `See \`${name} --help\`.`;
  if (error.code === 'commander.help') return new Problem('usage', 'a command is missing', name, help);
  const [what = '', proposal = ''] = error.message.replace(/^error: /, '').split('\n');
  return new Problem('usage', what, name, `${proposal.replace(/^\((.*)\)$/, '$1 ')}${help}`);
}

/** Commander throws where it would exit. Each command is told: only those made before it inherit settings. */
function harden(command: Command): Command {
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : toUsageProblem(error, fullName(command));
  });
  command.configureOutput({ outputError: () => undefined });
  for (const child of command.commands) harden(child);
  return command;
}

function buildProgram(nodes: readonly CommandNode[], host: Host): Command {
  const program = new Command('sfumato')
    .description('Segments medical images with their uncertainty and trains on your own data, all on this computer.')
    .version(product.version)
    .helpCommand(false);
  for (const node of nodes) node.attach(program, host);
  return harden(program);
}

/** Exits as soon as what was written has left the process: pipes are not flushed by `process.exit` everywhere. */
async function end(code: number): Promise<never> {
  tellSupervisor({ tell: 'ended', code });
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
  );
  process.exit(code);
}

/** Runs one command line and ends the process with its exit code. */
export async function runProgram(argv: readonly string[], nodes: readonly CommandNode[]): Promise<never> {
  const { stdout, stderr, env: environment } = process;
  const format = argv.includes('--json') ? 'json' : 'text';
  const reporter = createReporter({ stdout, stderr, format, environment, now: () => performance.now() });
  const interruption = createInterruption();
  const fail = (error: unknown): Promise<never> => {
    const failure = toFailure(error, interruption.signal, argv);
    reporter.failure(failure);
    return end(exitCodes[failure.kind]);
  };
  process.on('uncaughtException', (error) => void fail(error));
  // Whoever read our output has gone; nobody is left to tell.
  stdout.on('error', () => process.exit(exitCodes.cancelled));
  try {
    await buildProgram(nodes, { reporter, interruption }).parseAsync(argv, { from: 'user' });
    return await end(0);
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? end(0) : fail(error);
  }
}
