// How a command is written: what it takes as one zod object, whose fields carry how they are typed on the command line.

import { Command, Option } from 'commander';
import { z } from 'zod';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import type { Interruption } from './interruption.ts';
import type { Reporter } from './reporter.ts';

/** What a command is given beside what it takes. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Says how to go on if the command is stopped from here on. */
  readonly resumeBy: (remedy: string) => void;
}

export interface Host {
  readonly reporter: Reporter;
  readonly interruption: Interruption;
}

/** A command or a group of commands, to be hung into the program. */
export interface CommandNode {
  attach(parent: Command, host: Host): void;
}

/**
 * How a field is typed: `--out <folder>` (or `--force` alone) is an option, `<image...>` an argument. An option's long name must
 * be its field's name.
 */
interface Typed {
  readonly usage: string;
  readonly summary: string;
  /** `list`: the option may be given several times. */
  readonly takes?: 'one' | 'list';
}

const typed = z.registry<Typed>();

/** Gives a schema its place on the command line. */
export function onCommandLine<Schema extends z.ZodType>(schema: Schema, how: Typed): Schema {
  typed.add(schema, how);
  return schema;
}

/** What a command takes: every field has its place on the command line. */
type AskSchema = z.ZodObject<z.core.$ZodShape>;

interface Definition<Ask extends AskSchema> {
  readonly name: string;
  readonly summary: string;
  readonly ask: Ask;
  readonly run: (ask: z.output<Ask>, context: CommandContext) => Promise<void>;
}

interface Field {
  readonly key: string;
  readonly schema: z.core.$ZodType;
  readonly how: Typed;
}

function listFields(ask: AskSchema): readonly Field[] {
  return Object.entries(ask.shape).map(([key, schema]) => {
    const how = typed.get(schema);
    invariant(how, `${key} has a place on the command line`);
    return { key, schema, how };
  });
}

const isOption = ({ how }: Field): boolean => how.usage.startsWith('-');

function toOption({ key, schema, how }: Field): Option {
  const fallback = z.safeParse(schema, undefined);
  const shown =
    fallback.success && ['string', 'number'].includes(typeof fallback.data)
      ? ` (default: ${String(fallback.data)})`
      : '';
  const option = new Option(how.usage, how.summary + shown);
  invariant(option.attributeName() === key, `${how.usage} fills ${key}`);
  if (how.takes === 'list') option.argParser((value, before?: readonly string[]) => [...(before ?? []), value]);
  return option;
}

function parseAsk<Ask extends AskSchema>(ask: Ask, command: Command, fields: readonly Field[]): z.output<Ask> {
  const values: readonly unknown[] = command.processedArgs;
  const names = fields.filter((field) => !isOption(field)).map(({ key }) => key);
  const raw: Record<string, unknown> = {
    ...command.opts(),
    ...Object.fromEntries(names.map((name, i) => [name, values[i]])),
  };
  const parsed = ask.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = String(issue?.path[0]);
  const where = fields.find((field) => field.key === key)?.how.usage ?? key;
  const what =
    raw[key] === undefined ? 'this must be given' : `${JSON.stringify(raw[key])} is not accepted: ${issue?.message}`;
  throw new Problem('usage', what, where, `See \`${fullName(command)} --help\`.`);
}

/** The words that call a command: `sfumato models list`. */
export function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

export function defineCommand<Ask extends AskSchema>({ name, summary, ask, run }: Definition<Ask>): CommandNode {
  const fields = listFields(ask);
  return {
    attach: (parent, { reporter, interruption }) => {
      const command = parent.command(name).description(summary);
      for (const { how } of fields.filter((field) => !isOption(field))) command.argument(how.usage, how.summary);
      for (const field of fields.filter(isOption)) command.addOption(toOption(field));
      command.option('--json', 'print one JSON object a line: progress and, last, the result');
      command.action(async () => {
        interruption.begin(fullName(command));
        const { signal, resumeBy } = interruption;
        await run(parseAsk(ask, command, fields), { reporter, signal, resumeBy });
      });
    },
  };
}

/** Commands under one word: `sfumato models list`. */
export function defineGroup(name: string, summary: string, nodes: readonly CommandNode[]): CommandNode {
  return {
    attach: (parent, host) => {
      const group = parent.command(name).description(summary).helpCommand(false);
      for (const node of nodes) node.attach(group, host);
    },
  };
}
